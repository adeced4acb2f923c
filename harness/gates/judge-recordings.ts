import { resolve } from 'node:path';
import { type CassetteOutcome, judgeCassette } from '#harness/cassettes/judge-cassette.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { readRetirements } from '#harness/cassettes/read-retirements.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { didYouMean } from '#harness/errors/nearest-name.ts';
import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import { cassettesOf } from '#harness/traffic/scenario.ts';

/** What each recording of the project proved; `segments` are those that ran. */
export async function judgeRecordings(
  { config, root }: LoadedConfig,
  { segments, now }: { segments: readonly ModeSegment[]; now: Date },
): Promise<CassetteOutcome[]> {
  if (config.cassettes === undefined) return [];
  const cassettes = await loadCassettes(resolve(root, config.cassettes));
  const { maxAgeDays, allowSynthetic = [] } = config.recordings ?? {};
  const ids = cassettes.map(({ id }) => id);
  refuseUnknown(allowSynthetic, ids);
  const rules = {
    today: now.toISOString().slice(0, 'yyyy-mm-dd'.length),
    maxAgeDays,
    retiredOn: config.prices ? await readRetirements(resolve(root, config.prices)) : new Map(),
  };
  const named = new Set(config.scenarios.flatMap(cassettesOf));
  return cassettes.map((cassette) => {
    const uses = segments.flatMap(({ mode, cassetteUses }) =>
      cassetteUses.filter(({ id }) => id === cassette.id).map((use) => ({ ...use, mode })),
    );
    return judgeCassette(cassette, { uses, rules, isNamed: named.has(cassette.id) });
  });
}

/** A misspelt exception would allow nothing, and nobody would notice. */
function refuseUnknown(allowed: readonly string[], ids: readonly string[]): void {
  const unknown = allowed.find((id) => !ids.includes(id));
  if (unknown === undefined) return;
  const what = `recordings.allowSynthetic names "${unknown}", which is no cassette.`;
  throw new HarnessError(`${what}${didYouMean(unknown, ids)}`, {
    code: 'H_CONFIG_INVALID',
    fix: 'Name a cassette as <provider>/<case>, or leave it out.',
  });
}
