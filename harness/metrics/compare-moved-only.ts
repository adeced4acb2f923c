import { didYouMean } from '#harness/errors/nearest-name.ts';
import { fromTo, type MovementDifference } from './compare-movement.ts';
import type { Movement } from './movement.ts';
import { seriesPattern } from './series-pattern.ts';

/** What toMoveOnly() states of each series: it goes up, by whatever amount. */
export const UPWARDS = '> 0';

/**
 * Every way in which something else moved than what these patterns name, or one of them did not:
 * each must have a series that went up, and none that went down. Pure. Throws HarnessError
 * H_METRICS_SERIES when a pattern is none.
 */
export function compareMovedOnly(
  patterns: readonly string[],
  { changes, after }: Movement,
): MovementDifference[] {
  const stated = patterns.map((text) => ({ text, matches: seriesPattern(text) }));
  const still = stated.filter(
    ({ matches }) => !changes.some((change) => matches(change.family, change)),
  );
  const known = [...after.families.values()].flatMap((family) =>
    family.samples.map((sample) => ({ family, sample })),
  );
  const missing = still.map(({ text: key, matches }): MovementDifference => {
    const isThere = known.some(({ family, sample }) => matches(family, sample));
    const note = isThere ? 'no series of it moved.' : unknown(key, known);
    return { kind: 'missing', key, stated: UPWARDS, found: undefined, note };
  });
  const found = changes.flatMap((change): MovementDifference[] => {
    const { key, change: amount, fault, impliedBy } = change;
    const isStated = stated.some(({ matches }) => matches(change.family, change));
    const difference = { key, stated: isStated ? UPWARDS : undefined, found: amount } as const;
    if (fault !== undefined) return [{ ...difference, kind: 'impossible', note: `${fault}.` }];
    if (isStated ? amount > 0 : impliedBy !== undefined) return [];
    const kind = isStated ? 'different' : 'unexplained';
    return [{ ...difference, kind, note: `it went ${fromTo(change)}.` }];
  });
  return [...missing, ...found];
}

type Known = readonly { family: { name: string }; sample: { name: string; key: string } }[];

function unknown(pattern: string, known: Known): string {
  if (!pattern.includes('{')) {
    const names = known.flatMap(({ family, sample }) => [family.name, sample.name]);
    return `there is no metric ${pattern}.${didYouMean(pattern, new Set(names))}`;
  }
  const keys = known.map(({ sample }) => sample.key);
  return `there is no such series.${didYouMean(pattern, keys)}`;
}
