import type { CassetteOutcome } from '#harness/cassettes/judge-cassette.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { type GateResult, notRunGate, ranGate } from './gate.ts';

/**
 * Every recording was replayed, is fresh, and comes from a live provider or is allowed by name not
 * to. What was written by hand or long ago says nothing wrong about the service, but then nobody
 * has looked at the provider: the gate did not run.
 */
export function recordingsGate(
  outcomes: readonly CassetteOutcome[],
  allowSynthetic: readonly string[] = [],
): GateResult {
  if (outcomes.length === 0) {
    return notRunGate('recordings', 'the configuration names no cassettes');
  }
  const findings = outcomes.flatMap(findingOf);
  const unproven = whyUnproven(outcomes, allowSynthetic);
  if (findings.length === 0 && unproven !== undefined) return notRunGate('recordings', unproven);
  const live = outcomes.filter(isLive).length;
  return ranGate('recordings', {
    checks: outcomes.length,
    durationMs: 0,
    findings,
    reason: `${live} live, ${outcomes.length - live} not`,
  });
}

const MEND =
  'Mend the service; if the change is meant: tally record --case <id>, or edit it and tally reseal <id>.';
const FIXES: Readonly<Partial<Record<CassetteOutcome['outcome'], string>>> = {
  DRIFT: MEND,
  MISS: MEND,
  UNUSED: 'Let a scenario ask for it, or remove the cassette.',
  UNCHECKED: 'Record the case again, or remove the cassette.',
};

/** What was replayed is none, however old it is. */
function findingOf({ id, outcome, reason = '' }: CassetteOutcome): Finding[] {
  const fix = FIXES[outcome]?.replaceAll('<id>', id);
  if (fix === undefined) return [];
  const check = `recordings/${outcome.toLowerCase()}`;
  return [{ check, message: `${id}: ${outcome}, ${reason}.`, fix }];
}

/** Why the recordings do not stand for what providers answer today; undefined when they do. */
function whyUnproven(
  outcomes: readonly CassetteOutcome[],
  allowed: readonly string[],
): string | undefined {
  const notLive = outcomes.filter((one) => !isLive(one) && !allowed.includes(one.id));
  const stale = outcomes.filter(({ outcome }) => outcome === 'STALE');
  const reasons = [
    { what: `of ${outcomes.length} recordings are not from a live provider`, those: notLive },
    { what: 'are stale', those: stale },
  ].filter(({ those }) => those.length > 0);
  if (reasons.length === 0) return undefined;
  return reasons.map(({ what, those }) => `${those.length} ${what}: ${list(those)}`).join('; ');
}

function isLive({ provenance }: CassetteOutcome): boolean {
  return provenance === 'live';
}

const NAMED_MAX = 5;

function list(outcomes: readonly CassetteOutcome[]): string {
  const named = outcomes.slice(0, NAMED_MAX).map(({ id }) => id);
  const hidden = outcomes.length - named.length;
  return [...named, ...(hidden > 0 ? [`${hidden} more`] : [])].join(', ');
}
