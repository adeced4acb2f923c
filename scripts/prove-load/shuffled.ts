import { createHash } from 'node:crypto';

/** The same items in another order, which the seed decides. */
export function shuffled<T>(items: readonly T[], seed: string): T[] {
  return items
    .map((item, index) => {
      const rank = createHash('sha256').update(`${seed}/${index}`).digest('hex');
      return { item, rank };
    })
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .map(({ item }) => item);
}
