import type { Exposition, Labels, MetricFamily } from './exposition.ts';
import type { SeriesChange } from './movement.ts';
import { toSeries, withoutLabel } from './read-series.ts';

/** Families that measure time: nobody can state their sum beforehand. */
const TIME_FAMILY = /_(?:seconds|milliseconds|microseconds|nanoseconds|ms|us|ns)$/;

/**
 * Explains the lines of histograms and summaries by their `_count`: buckets follow it, and so does
 * the sum of a family that measures time. Any other sum (tokens, bytes) is exact and stays to be
 * stated. Buckets that contradict the count are a fault.
 */
export function explainHistograms(
  changes: readonly SeriesChange[],
  after: Exposition,
): SeriesChange[] {
  const children = new Map<string, SeriesChange[]>();
  for (const change of changes) {
    if (!isDistribution(change.family)) continue;
    const child = childKey(change.family, change.labels);
    children.set(child, [...(children.get(child) ?? []), change]);
  }
  const explained = new Map<string, SeriesChange>();
  for (const moved of children.values()) {
    for (const change of explainChild(moved, after)) explained.set(change.key, change);
  }
  return changes.map((change) => explained.get(change.key) ?? change);
}

function isDistribution({ type }: MetricFamily): boolean {
  return type === 'histogram' || type === 'summary';
}

/** All lines of one child share it: the same family, the same labels apart from the bucket's. */
function childKey(family: MetricFamily, labels: Labels): string {
  return toSeries(family.name, withoutLabel(labels, 'le')).key;
}

function explainChild(moved: readonly SeriesChange[], after: Exposition): SeriesChange[] {
  const [first] = moved;
  if (first === undefined) return [];
  const anchor = moved.find(({ name, family }) => name === `${family.name}_count`) ?? first;
  const fault = anchor.fault ?? contradiction(moved, first, after);
  return moved.map((change) => {
    if (change === anchor) return fault === undefined ? change : { ...change, fault };
    const mustBeStated = change.name === `${change.family.name}_sum` && !isTime(change.family);
    if (fault === undefined && (change.fault !== undefined || mustBeStated)) return change;
    return { ...change, impliedBy: anchor.key };
  });
}

function isTime(family: MetricFamily): boolean {
  return TIME_FAMILY.test(family.name);
}

/** Why the lines of one child cannot all be true, or undefined. */
function contradiction(
  moved: readonly SeriesChange[],
  { family, labels }: SeriesChange,
  after: Exposition,
): string | undefined {
  const changeOf = (key: string) => moved.find((change) => change.key === key)?.change ?? 0;
  const base = withoutLabel(labels, 'le');
  const countKey = toSeries(`${family.name}_count`, base).key;
  const sumChange = changeOf(toSeries(`${family.name}_sum`, base).key);
  const counted = changeOf(countKey);
  if (counted === 0 && sumChange !== 0) {
    return `${family.name}_sum moved by ${sumChange} without an observation`;
  }
  if (isTime(family) && sumChange < 0) {
    return `${family.name}_sum went down by ${-sumChange}: a negative time was observed`;
  }
  if (family.type !== 'histogram') return undefined;
  const child = childKey(family, labels);
  const samples = after.families.get(family.name)?.samples ?? [];
  const own = samples.filter((sample) => childKey(family, sample.labels) === child);
  const buckets = own
    .filter(({ name }) => name.endsWith('_bucket'))
    .map(({ key, labels: { le = '' }, value }) => ({ le, value, change: changeOf(key) }));
  const count = own.find(({ key }) => key === countKey)?.value;
  return bucketContradiction(buckets, { value: count, change: counted });
}

interface Bucket {
  le: string;
  value: number;
  change: number;
}

function bucketContradiction(
  buckets: readonly Bucket[],
  count: { value: number | undefined; change: number },
): string | undefined {
  for (const [index, bucket] of buckets.entries()) {
    const lower = buckets[index - 1];
    if (lower === undefined) continue;
    // prom-client takes bounds in any order and then counts values into the wrong buckets.
    if (!(bound(lower) < bound(bucket))) {
      return `the buckets are not in ascending order: le="${lower.le}" before le="${bucket.le}"`;
    }
    if (bucket.value < lower.value || bucket.change < lower.change) {
      return `the buckets are not cumulative: ${showBucket(lower)}, but ${showBucket(bucket)}`;
    }
  }
  const last = buckets.at(-1);
  if (last === undefined || bound(last) !== Number.POSITIVE_INFINITY) {
    return 'there is no bucket le="+Inf"';
  }
  if (last.value !== count.value || last.change !== count.change) {
    return `${showBucket(last)}, but the count holds ${count.value} (moved by ${count.change})`;
  }
  return undefined;
}

function bound({ le }: Bucket): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}

function showBucket({ le, value, change }: Bucket): string {
  return `le="${le}" holds ${value} (moved by ${change})`;
}
