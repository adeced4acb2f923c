import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costPicoUsd, NO_TOKENS, TOKEN_CLASSES, type TokenCounts } from './cost.ts';

const PER_TOKEN = {
  input: 150_000n,
  cached_input: 75_000n,
  cache_write: 187_500n,
  output: 600_000n,
  reasoning: 600_000n,
};
const PRICES = { prices: PER_TOKEN, tiers: [], perImage: 0n };

const costOf = (tokens: TokenCounts, prices = PRICES): bigint =>
  costPicoUsd({ tokens, images: 0 }, prices);

describe('cost', () => {
  test('charges each class at its own price', () => {
    const tokens = { input: 6, cached_input: 4, cache_write: 2, output: 3, reasoning: 1 };
    expect(costOf(tokens)).toBe(900_000n + 300_000n + 375_000n + 1_800_000n + 600_000n);
  });

  test('of nothing is nothing', () => {
    expect(costOf(NO_TOKENS)).toBe(0n);
  });

  test('stays exact where a float would round', () => {
    const tokens = { ...NO_TOKENS, output: Number.MAX_SAFE_INTEGER };
    expect(costOf(tokens)).toBe(9_007_199_254_740_991n * 600_000n);
  });

  test.for([
    [100, 100_000n],
    [101, 202_000n],
    [200, 400_000n],
    [201, 603_000n],
  ] as const)('of a prompt of %i tokens, with limits at 100 and 200, is %s', ([input, cost]) => {
    const tier = (abovePromptTokens: number, price: bigint) => ({
      abovePromptTokens,
      prices: { ...PER_TOKEN, input: price },
    });
    const prices = {
      ...PRICES,
      prices: { ...PER_TOKEN, input: 1_000n },
      tiers: [tier(100, 2_000n), tier(200, 3_000n)],
    };
    expect(costPicoUsd({ tokens: { ...NO_TOKENS, input }, images: 0 }, prices)).toBe(cost);
  });

  test('counts the cached part of the prompt towards a limit, and prices all of it anew', () => {
    const long = { input: 7n, cached_input: 1n, cache_write: 9n, output: 11n, reasoning: 13n };
    const prices = { ...PRICES, tiers: [{ abovePromptTokens: 100, prices: long }] };
    const tokens = { input: 50, cached_input: 50, cache_write: 1, output: 2, reasoning: 3 };
    expect(costPicoUsd({ tokens, images: 0 }, prices)).toBe(350n + 50n + 9n + 22n + 39n);
  });

  test('charges images beside tokens', () => {
    const prices = { ...PRICES, perImage: 40_000_000_000n };
    const tokens = { ...NO_TOKENS, input: 2 };
    expect(costPicoUsd({ tokens, images: 3 }, prices)).toBe(120_000_300_000n);
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
        const parts = costOf(toTokens(left)) + costOf(toTokens(right));
        expect(costOf(toTokens(both))).toBe(parts);
      }),
    );
  });
});
