import type { Exposition } from './exposition.ts';
import { parseSeries } from './parse-series.ts';
import { toSeries, withoutLabel } from './read-series.ts';

/** So many observations of a histogram between two bounds of its buckets. */
export interface Observations {
  /** 1 when left out. */
  readonly count?: number;
  /** The bound that they exceed; they may be as small as can be when left out. */
  readonly above?: number;
  /** The bound that they do not exceed; they may be as large as can be when left out. */
  readonly upTo?: number;
}

/**
 * The lines of a histogram that move by these observations, and by how much: the count, and each
 * bucket at one of their bounds. A bound that is none becomes a line that is not there. Throws
 * HarnessError H_METRICS_SERIES.
 */
export function linesOf(
  text: string,
  observations: readonly Observations[],
  { families }: Exposition,
): [key: string, change: number][] {
  const { name, labels } = parseSeries(text);
  const base = Object.entries(labels);
  const total = observations.reduce((sum, { count = 1 }) => sum + count, 0);
  const bounds = observations.flatMap(({ above, upTo }) => [above ?? [], upTo ?? []].flat());
  const child = toSeries(`${name}_bucket`, base).key;
  const printed = (families.get(name)?.samples ?? [])
    .filter((line) => toSeries(line.name, withoutLabel(line.labels, 'le')).key === child)
    .flatMap((line) => line.labels['le'] ?? []);
  return [
    [toSeries(`${name}_count`, base).key, total],
    ...[...new Set(bounds)].flatMap((bound): [string, number][] => {
      // Some services print le="1", others le="1.0".
      const le = printed.find((one) => Number(one) === bound) ?? String(bound);
      const within = countUpTo(bound, observations);
      return within === undefined
        ? []
        : [[toSeries(`${name}_bucket`, [...base, ['le', le]]).key, within]];
    }),
  ];
}

/** How many of them are at most the bound; undefined where it lies between the bounds of some. */
function countUpTo(bound: number, observations: readonly Observations[]): number | undefined {
  let sum = 0;
  for (const { count = 1, above = -Infinity, upTo = Infinity } of observations) {
    if (upTo <= bound) sum += count;
    else if (above < bound) return undefined;
  }
  return sum;
}
