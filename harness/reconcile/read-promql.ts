import type { PromqlClient } from '#harness/metrics/promql-client.ts';
import type { Fact } from './fact.ts';
import { labelKey, type Reading } from './reading.ts';
import { toWitnessValue } from './witness-value.ts';

export interface PromqlReadOptions {
  promql: PromqlClient;
  atSeconds: number;
  selector: string;
}

/** Asks Prometheus at the pinned instant; `$service` stands for the service's own matchers. */
export async function readPromql(fact: Fact, options: PromqlReadOptions): Promise<Reading> {
  if (typeof fact.promql !== 'string') return fact.promql;
  const query = fact.promql.replaceAll('$service', options.selector);
  const rows = await options.promql.instant(query, { atSeconds: options.atSeconds });
  return {
    rows: new Map(
      rows.map(({ labels, text }) => [
        labelKey(labels, fact.labels),
        toWitnessValue(text, fact.equality),
      ]),
    ),
  };
}
