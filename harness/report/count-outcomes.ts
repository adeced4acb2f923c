import { CASSETTE_OUTCOMES, type CassetteOutcome } from '#harness/cassettes/judge-cassette.ts';

/** One line, with those of each provenance apart: "48 recordings: 1 DRIFT, 47 HIT; 48 synthetic". */
export function countOutcomes(cassettes: readonly CassetteOutcome[]): string {
  const count = (one: string): number =>
    cassettes.filter(({ outcome, provenance }) => outcome === one || provenance === one).length;
  const show = (kinds: readonly string[]): string =>
    kinds.flatMap((kind) => (count(kind) > 0 ? [`${count(kind)} ${kind}`] : [])).join(', ');
  const parts = [show(CASSETTE_OUTCOMES), show(['live', 'derived', 'synthetic'])];
  return `${cassettes.length} recordings${cassettes.length > 0 ? `: ${parts.join('; ')}` : ''}`;
}
