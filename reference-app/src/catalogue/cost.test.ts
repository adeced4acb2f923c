import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costPicoUsd, NO_TOKENS, TOKEN_CLASSES } from './cost.ts';

const PRICES = {
  input: 150_000n,
  cached_input: 75_000n,
  cache_write: 187_500n,
  output: 600_000n,
  reasoning: 600_000n,
};

describe('cost', () => {
  test('charges each class at its own price', () => {
    const tokens = { input: 6, cached_input: 4, cache_write: 2, output: 3, reasoning: 1 };
    expect(costPicoUsd(tokens, PRICES)).toBe(
      900_000n + 300_000n + 375_000n + 1_800_000n + 600_000n,
    );
  });

  test('of nothing is nothing', () => {
    expect(costPicoUsd(NO_TOKENS, PRICES)).toBe(0n);
  });

  test('stays exact where a float would round', () => {
    const tokens = { ...NO_TOKENS, output: Number.MAX_SAFE_INTEGER };
    expect(costPicoUsd(tokens, PRICES)).toBe(9_007_199_254_740_991n * 600_000n);
  });

  test('of two answers is the sum of their costs, in any split', () => {
    const count = fc.nat({ max: 1_000_000 });
    const counts = fc.tuple(count, count, count, count, count);
    const toTokens = (values: readonly number[]) => ({
      ...NO_TOKENS,
      ...Object.fromEntries(TOKEN_CLASSES.map((name, index) => [name, values[index] ?? 0])),
    });
    fc.assert(
      fc.property(counts, counts, (left, right) => {
        const both = left.map((value, index) => value + (right[index] ?? 0));
        const parts = costPicoUsd(toTokens(left), PRICES) + costPicoUsd(toTokens(right), PRICES);
        expect(costPicoUsd(toTokens(both), PRICES)).toBe(parts);
      }),
    );
  });
});
