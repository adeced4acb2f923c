import { explainHistograms } from './explain-histograms.ts';
import type { Exposition, MetricFamily, Series } from './exposition.ts';
import { type KeptSample, keptSamples, type LeftOut, leftOutBy } from './left-out.ts';
import { subtractDecimal } from './subtract-decimal.ts';

/** What happened to one series. */
export interface SeriesChange extends Series {
  readonly family: MetricFamily;
  /** The values before and after; undefined where the series is not there. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** after - before, exactly; a series that is not there counts as 0. NaN when it has no value. */
  readonly change: number;
  /** Why no such change can be right, whatever was expected, e.g. a counter that went down. */
  readonly fault?: string;
  /** The key of a change that explains this one: the buckets of a histogram follow its count. */
  readonly impliedBy?: string;
}

/** The exact change of a service's metrics caused by one action; unchanged series are left out. */
export interface Movement {
  /** What was done in between, for messages. */
  readonly action: string;
  readonly changes: readonly SeriesChange[];
  /** What was read after the action, to tell unmoved series from unknown ones. */
  readonly after: Exposition;
}

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
  const was = keptSamples(before, isLeftOut);
  const is = keptSamples(after, isLeftOut);
  const keys = new Set([...is.keys(), ...was.keys()]);
  const changes = [...keys].flatMap((key) => changeOf(was.get(key), is.get(key)));
  return { action, changes: explainHistograms(changes, after), after };
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
