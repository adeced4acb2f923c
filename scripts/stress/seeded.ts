import { createHash } from 'node:crypto';

/** A number from 0 to less than 1 that the seed decides. */
export function seededFraction(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE() / 2 ** 32;
}

/** The same items in another order, which the seed decides. */
export function shuffled<T>(items: readonly T[], seed: string): T[] {
  return items
    .map((item, index) => ({ item, rank: seededFraction(`${seed}/${index}`) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}
