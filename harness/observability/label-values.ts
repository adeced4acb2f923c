import type { Series } from '#harness/metrics/exposition.ts';
import { toSeries } from '#harness/metrics/read-series.ts';

/** How label values are told apart. */
export interface LabelValuesOptions {
  /** Labels whose values are no closed vocabulary, e.g. "model". */
  open: readonly string[];
  /** Labels for each value of which the others must be seen anew, e.g. "provider". */
  per: readonly string[];
}

/**
 * What counts as one value of a label: a family with that value and, in families that have them,
 * with those of the labels `per`; e.g. `x_total{outcome="cut",provider="openai"}`. All pairs of
 * labels would ask for what cannot happen, as most statuses of most routes.
 */
export function labelValuesOf(
  series: Iterable<Series>,
  { open, per }: LabelValuesOptions,
): Map<string, Series[]> {
  const values = new Map<string, Series[]>();
  for (const one of series) {
    for (const { key } of valuesIn(one, { open, per })) {
      const those = values.get(key);
      if (those === undefined) values.set(key, [one]);
      else those.push(one);
    }
  }
  return values;
}

function valuesIn({ name, labels }: Series, { open, per }: LabelValuesOptions): Series[] {
  const closed = Object.entries(labels).filter(([label]) => !open.includes(label));
  const across = closed.filter(([label]) => per.includes(label));
  const others = closed.filter(([label]) => !per.includes(label));
  if (others.length === 0) return across.length === 0 ? [] : [toSeries(name, across)];
  return others.map((other) => toSeries(name, [...across, other]));
}
