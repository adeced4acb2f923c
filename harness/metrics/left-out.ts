import type { Exposition, MetricFamily, Sample } from './exposition.ts';
import { type SeriesPattern, seriesPattern } from './series-pattern.ts';

/** Families of the runtime, which move all the time. Always left out of movements. */
const RUNTIME_FAMILIES: readonly string[] = ['process_*', 'nodejs_*'];

/** Whether a sample of a family is left out of movements and of the signs of unrest. */
export type LeftOut = SeriesPattern;

/**
 * Understands patterns of what to leave out, as seriesPattern() takes them. The runtime's families
 * (`process_*`, `nodejs_*`) are always left out, and so are the quantiles of summaries, which
 * decay with time. Throws HarnessError H_METRICS_SERIES.
 */
export function leftOutBy(patterns: readonly string[] = []): LeftOut {
  const matchers = [...RUNTIME_FAMILIES, ...patterns].map(seriesPattern);
  return (family, sample) => matchers.some((matches) => matches(family, sample));
}

export interface KeptSample {
  readonly family: MetricFamily;
  readonly sample: Sample;
}

/**
 * Every sample that is not left out, by key, in the order of the text; without the families of
 * which all samples are the same objects in `other`.
 */
export function keptSamples(
  exposition: Exposition,
  isLeftOut: LeftOut,
  other: Exposition,
): Map<string, KeptSample> {
  const kept = new Map<string, KeptSample>();
  for (const family of exposition.families.values()) {
    const twin = other.families.get(family.name);
    if (twin === family || areSame(family.samples, twin?.samples ?? [])) continue;
    for (const sample of family.samples) {
      const isQuantile = family.type === 'summary' && sample.name === family.name;
      if (!isQuantile && !isLeftOut(family, sample)) kept.set(sample.key, { family, sample });
    }
  }
  return kept;
}

function areSame(some: readonly Sample[], others: readonly Sample[]): boolean {
  return some.length === others.length && some.every((sample, index) => sample === others[index]);
}
