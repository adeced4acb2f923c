import { explainHistograms } from './explain-histograms.ts';
import type { Exposition, MetricFamily } from './exposition.ts';
import { type KeptSample, keptSamples, type LeftOut, leftOutBy } from './left-out.ts';
import type { Movement, SeriesChange } from './movement.ts';
import { subtractDecimal } from './subtract-decimal.ts';

export interface MovementOptions {
  action?: string;
  /** What moves with time alone; the runtime's own families when left out. */
  isLeftOut?: LeftOut;
}

/** Compares two readings of /metrics series by series. Pure. */
export function movementBetween(
  before: Exposition,
  after: Exposition,
  { action = 'the action', isLeftOut = leftOutBy() }: MovementOptions = {},
): Movement {
  const was = keptSamples(before, isLeftOut, after);
  const is = keptSamples(after, isLeftOut, before);
  const keys = new Set([...is.keys(), ...was.keys()]);
  const changes = [...keys].flatMap((key) => changeOf(was.get(key), is.get(key)));
  return { action, changes: explainHistograms(changes, after), before, after };
}

function changeOf(was: KeptSample | undefined, is: KeptSample | undefined): SeriesChange[] {
  const known = is ?? was;
  if (known === undefined) return [];
  const before = was?.sample.value;
  const after = is?.sample.value;
  const isSame = before === after || (Number.isNaN(before) && Number.isNaN(after));
  if (isSame || (before === undefined && after === 0)) return [];
  const { name, labels, key } = known.sample;
  const change = subtractDecimal(after ?? 0, before ?? 0);
  const fault = faultOf(known, { before, after, change });
  const found = { name, labels, key, family: known.family, before, after, change };
  return [fault === undefined ? found : { ...found, fault }];
}

function faultOf(
  { family, sample }: KeptSample,
  { before, after, change }: Pick<SeriesChange, 'before' | 'after' | 'change'>,
): string | undefined {
  if (Number.isNaN(change)) return `went from ${before ?? 'absent'} to ${after ?? 'absent'}`;
  if (isBeyondExact(before) || isBeyondExact(after)) {
    return `${before ?? 'absent'} to ${after ?? 'absent'} is beyond 2^53, where no count is exact`;
  }
  if (!isMonotonic(family, sample.name)) return undefined;
  if (after === undefined) return `a ${family.type} vanished; it was ${before}`;
  if (change < 0) return `a ${family.type} went down from ${before} to ${after}`;
  return undefined;
}

/** From 2^53 on, float64 skips integers: a counter there silently loses increments. */
export function isBeyondExact(value: number | undefined): boolean {
  return value !== undefined && Math.abs(value) > Number.MAX_SAFE_INTEGER;
}

function isMonotonic(family: MetricFamily, sampleName: string): boolean {
  if (family.type === 'counter') return true;
  const isDistribution = family.type === 'histogram' || family.type === 'summary';
  // A sum may go down: negative values can be observed.
  return isDistribution && sampleName !== `${family.name}_sum`;
}
