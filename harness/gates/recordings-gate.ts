import type { CassetteOutcome } from '#harness/cassettes/judge-cassette.ts';
import { type GateResult, notRunGate, ranGate } from './gate.ts';

const NAMED_MAX = 5;

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
  const lost = outcomes.filter(({ outcome }) => outcome !== 'HIT' && outcome !== 'STALE');
  if (lost.length > 0) {
    return ranGate('recordings', {
      checks: outcomes.length,
      durationMs: 0,
      findings: lost.map(({ id, outcome, reason = '' }) => ({
        check: `recordings/${outcome.toLowerCase()}`,
        message: `${id}: ${outcome}, ${reason}.`,
      })),
    });
  }
  const stale = outcomes.filter(({ outcome }) => outcome === 'STALE');
  const unproven = outcomes.filter(
    ({ id, provenance }) => provenance !== 'live' && !allowSynthetic.includes(id),
  );
  const reasons = [
    ...(unproven.length > 0
      ? [
          `${unproven.length} of ${outcomes.length} recordings are not from a live provider: ${list(unproven)}`,
        ]
      : []),
    ...(stale.length > 0 ? [`${stale.length} are stale: ${list(stale)}`] : []),
  ];
  if (reasons.length > 0) return notRunGate('recordings', reasons.join('; '));
  const live = outcomes.filter(({ provenance }) => provenance === 'live').length;
  return ranGate('recordings', {
    checks: outcomes.length,
    durationMs: 0,
    findings: [],
    reason: `${live} live, ${outcomes.length - live} allowed by name`,
  });
}

function list(outcomes: readonly CassetteOutcome[]): string {
  const named = outcomes.slice(0, NAMED_MAX).map(({ id }) => id);
  const hidden = outcomes.length - named.length;
  return [...named, ...(hidden > 0 ? [`${hidden} more`] : [])].join(', ');
}
