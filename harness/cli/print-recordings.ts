import type { CassetteOutcome } from '#harness/cassettes/judge-cassette.ts';
import { countOutcomes } from '#harness/report/count-outcomes.ts';
import type { Output } from './output.ts';

/** How many recordings came to what, and each that came to something else than a hit. */
export function printRecordings({ line }: Output, cassettes: readonly CassetteOutcome[]): void {
  if (cassettes.length === 0) return;
  line('');
  line(countOutcomes(cassettes));
  for (const { id, outcome, provenance, reason = '' } of cassettes) {
    if (outcome === 'HIT') continue;
    line(`${outcome.padEnd(9)} ${id} (${provenance}): ${reason}`);
  }
}
