import type { Exposition, MetricFamily, Series } from './exposition.ts';

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
  readonly before: Exposition;
  /** What was read after the action, to tell unmoved series from unknown ones. */
  readonly after: Exposition;
}
