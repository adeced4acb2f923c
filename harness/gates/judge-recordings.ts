import { resolve } from 'node:path';
import type { Cassette } from '#harness/cassettes/cassette.ts';
import { type CassetteOutcome, judgeCassette } from '#harness/cassettes/judge-cassette.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { readRetirements } from '#harness/cassettes/read-retirements.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { didYouMean } from '#harness/errors/nearest-name.ts';
import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import { cassettesOf } from '#harness/traffic/scenario.ts';

/** Every recording of the project, and what it is judged by besides what became of it. */
export interface Recordings {
  readonly cassettes: readonly Cassette[];
  /** Ids of those that some scenario asks for. */
  readonly named: ReadonlySet<string>;
  readonly maxAgeDays: number | undefined;
  /** The day of retirement by `<provider>/<model>`. */
  readonly retiredOn: ReadonlyMap<string, string>;
}

/** Read before anything starts, so that what is wrong with them is said at once. */
export async function loadRecordings({ config, root }: LoadedConfig): Promise<Recordings> {
  const { cassettes: folder, prices, scenarios } = config;
  const { maxAgeDays, allowSynthetic = [] } = config.recordings ?? {};
  const cassettes = folder === undefined ? [] : await loadCassettes(resolve(root, folder));
  const ids = cassettes.map(({ id }) => id);
  refuseUnknown(allowSynthetic, ids);
  return {
    cassettes,
    named: new Set(scenarios.flatMap(cassettesOf)),
    maxAgeDays,
    retiredOn: prices === undefined ? new Map() : await readRetirements(resolve(root, prices)),
  };
}

/** What each recording proved; `segments` are those that ran. */
export function judgeRecordings(
  { cassettes, named, maxAgeDays, retiredOn }: Recordings,
  { segments, now }: { segments: readonly ModeSegment[]; now: Date },
): CassetteOutcome[] {
  const today = now.toISOString().slice(0, 'yyyy-mm-dd'.length);
  return cassettes.map((cassette) => {
    const uses = segments.flatMap(({ mode, cassetteUses }) =>
      cassetteUses.filter(({ id }) => id === cassette.id).map((use) => ({ ...use, mode })),
    );
    const rules = { today, maxAgeDays, retiredOn };
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
