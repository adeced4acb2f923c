import { askPinned, type PinnedInstant } from '#harness/metrics/pinned-instant.ts';
import type { PromqlClient } from '#harness/metrics/promql-client.ts';
import type { Fact, Labels, RankedPromql } from './fact.ts';
import { labelKey, type Reading } from './reading.ts';
import { toWitnessValue, type WitnessValue } from './witness-value.ts';

export interface PromqlReadOptions {
  promql: Pick<PromqlClient, 'instant' | 'shownUrl'>;
  instant: PinnedInstant;
  selector: string;
}

/** Asks Prometheus at the pinned instant; `$service` stands for the service's own matchers. */
export async function readPromql(fact: Fact, options: PromqlReadOptions): Promise<Reading> {
  if (typeof fact.promql !== 'string' && 'notAWitness' in fact.promql) return fact.promql;
  const text = typeof fact.promql === 'string' ? fact.promql : fact.promql.query;
  const query = text.replaceAll('$service', options.selector);
  const rows = await askPinned(options.promql, query, options.instant);
  if (typeof fact.promql !== 'string') {
    return { rows: new Map([['', toWitnessValue(rank(rows, fact.promql), fact.equality)]]) };
  }
  const values = new Map<string, WitnessValue>();
  for (const { labels, value } of rows) {
    const key = labelKey(labels, fact.labels);
    if (values.has(key)) return { couldNotRead: `the query answers ${key || 'a value'} twice` };
    // The float64, not its digits: beyond 2^53 the digits look exact, but are not.
    values.set(key, toWitnessValue(value, fact.equality));
  }
  return { rows: values };
}

function rank(
  rows: readonly { labels: Labels; value: number }[],
  { label, first }: RankedPromql,
): string[] {
  return rows
    .map(({ labels, value }) => ({ name: labels[label] ?? '', value }))
    .sort((one, other) => other.value - one.value || (one.name < other.name ? -1 : 1))
    .slice(0, first)
    .map(({ name }) => name);
}
