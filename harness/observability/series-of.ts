import type { Exposition, Sample, Series } from '#harness/metrics/exposition.ts';
import type { Movement } from '#harness/metrics/movement.ts';
import { toSeries } from '#harness/metrics/read-series.ts';

/** Families of the runtime, which no service can move on purpose. */
const RUNTIME = /^(?:process|nodejs)_/;
/** What tells the parts of one distribution apart is no label of it. */
const OF_DISTRIBUTIONS: ReadonlySet<string> = new Set(['le', 'quantile']);

/**
 * Every series of a service's own families, by its key: named like its family, so that the
 * buckets, the sum and the count of a histogram are one.
 */
export function seriesOf({ families }: Exposition): Map<string, Series> {
  const series = new Map<string, Series>();
  for (const { name, samples } of families.values()) {
    if (RUNTIME.test(name)) continue;
    for (const { labels } of samples) {
      const own = Object.entries(labels).filter(([label]) => !OF_DISTRIBUTIONS.has(label));
      const one = toSeries(name, own);
      series.set(one.key, one);
    }
  }
  return series;
}

/**
 * The keys of the series that changed during an action, those too that movements leave out: what
 * also changes with time was seen to change.
 */
export function movedSeries({ before, after }: Pick<Movement, 'before' | 'after'>): Set<string> {
  const families = [...after.families].map(([name, family]) => {
    const was = new Map(before.families.get(name)?.samples.map((one) => [one.key, one]));
    const samples = family.samples.filter((sample) => isChanged(was.get(sample.key), sample));
    return [name, { ...family, samples }] as const;
  });
  return new Set(seriesOf({ families: new Map(families) }).keys());
}

function isChanged(was: Sample | undefined, is: Sample): boolean {
  return was !== is && !Object.is(was?.value ?? 0, is.value);
}
