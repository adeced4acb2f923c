import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { Budget, estimateUsd } from './budget.ts';
import { loadPrices } from './prices.ts';

const fixture = (path: string) => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));
const prices = await loadPrices(fixture('prices/catalogue.json'));
const cassettes = new Map(
  (await loadCassettes(fixture('cassettes'))).map((cassette) => [cassette.id, cassette]),
);
const DAY = '2026-11-22';
const NONE = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 };

describe('budget', () => {
  test('lets a case go as long as what it may cost fits', () => {
    const budget = new Budget(0.1);
    expect(budget.whyNot(0.1)).toBeUndefined();
    budget.spend(0.04);
    expect(budget.whyNot(0.06)).toBeUndefined();
    expect(budget.whyNot(0.0601)).toBe(
      'its estimated $0.06010 on top of $0.04000 would cross the budget of $0.10000 (TALLY_LIVE_BUDGET_USD)',
    );
  });
});

describe('estimate', () => {
  test('is a quarter more than what the recording cost', () => {
    // 14 × 0.20 + 7 × 1.25 USD per million tokens
    expect(estimateUsd(cassettes.get('openai/chat'), prices, DAY)).toBeCloseTo(1.25 * 11.55e-6, 12);
  });

  test('is nothing for a refusal, and something for what nobody knows', () => {
    expect(estimateUsd(cassettes.get('openai/invalid-key'), prices, DAY)).toBe(0);
    expect(estimateUsd(undefined, prices, DAY)).toBe(0.01);
  });
});

describe('prices', () => {
  const cost = (model: string, usage: Partial<typeof NONE>, images = 0, day = DAY) =>
    prices({ provider: 'openai', model, usage: { ...NONE, ...usage }, images }, day);

  test('bill each class of tokens, and pictures, in USD', () => {
    expect(cost('gpt-4o-mini', { input: 1_000_000, cachedInput: 2_000_000 })).toBe(0.3);
    expect(cost('gpt-4o-mini', { output: 1_000_000, reasoning: 1_000_000 })).toBe(1.2);
    expect(cost('dall-e-3', {}, 2)).toBe(0.08);
  });

  test('take a snapshot for its family, and know nothing of a model that is not listed', () => {
    expect(cost('gpt-4o-mini-2024-07-18', { input: 1_000_000 })).toBe(0.15);
    expect(cost('gpt-unheard-of', { input: 1 })).toBeUndefined();
    expect(cost('gpt-4o-mini', { input: 1 }, 0, '2020-01-01')).toBeUndefined();
  });

  test('say which file is none', async () => {
    await expect(loadPrices(fixture('cassettes/openai/chat/cassette.json'))).rejects.toThrow(
      '[H_LIVE_PRICES]',
    );
  });
});
