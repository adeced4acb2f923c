import type { Series } from '#harness/metrics/exposition.ts';
import { type LabelValuesOptions, labelValuesOf } from './label-values.ts';
import { type Item, isNamed } from './measure.ts';

const NOT_MOVED = 'no scenario or test moved it';

/** Every family that the service shows; covered is one of which some series moved. */
export function familyItems(series: readonly Series[], moved: ReadonlySet<string>): Item[] {
  return toItems(
    Map.groupBy(series, ({ name }) => name),
    moved,
  );
}

/**
 * Every value of every label; covered is one with which some series moved. Families that may stand
 * `still` are left aside.
 */
export function labelValueItems(
  series: readonly Series[],
  moved: ReadonlySet<string>,
  { still, ...options }: LabelValuesOptions & { still: readonly string[] },
): Item[] {
  const mayStandStill = ({ name }: Series) => still.some((pattern) => isNamed(name, pattern));
  const movable = series.filter((one) => !mayStandStill(one));
  return toItems(labelValuesOf(movable, options), moved);
}

function toItems(
  named: ReadonlyMap<string, readonly Series[]>,
  moved: ReadonlySet<string>,
): Item[] {
  return [...named].map(([name, series]) => ({
    name,
    isCovered: series.some(({ key }) => moved.has(key)),
    lacks: NOT_MOVED,
  }));
}
