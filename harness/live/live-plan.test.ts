import { expect, test } from 'vitest';
import { loadConfig } from '#harness/config/load-config.ts';
import type { RecordedExchange } from '#harness/recorder/recorded-exchange.ts';
import { planLive } from './live-plan.ts';
import { recordableCases } from './recordable-case.ts';

const loaded = await loadConfig();
const cases = recordableCases(loaded.config.scenarios);
const chat = cases.find(({ id }) => id === 'openai/chat') ?? expect.unreachable('no such case');
const NONE = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 };
/** A quarter more than 14 × 0.20 + 7 × 1.25 USD per million tokens. */
const ESTIMATED_USD = 1.25 * 11.55e-6;

function plan(budgetUsd = 0.1) {
  const live = { isRequired: false, budgetUsd, keys: { openai: 'a key' }, baseUrls: {} };
  return planLive(loaded, { cases: [chat], live });
}

function answered(call: Partial<RecordedExchange['call']>): RecordedExchange[] {
  const one = { provider: 'openai', status: 200, modelServed: 'gpt-5.4-nano', images: 0, ...call };
  return [{ call: one } as RecordedExchange];
}

test('a case costs what its calls report', async () => {
  const run = await plan();
  expect(run.reserve(chat)(answered({ usage: { ...NONE, input: 1_000 } }))).toBeCloseTo(0.0002, 12);
  expect(run.spentUsd).toBeCloseTo(0.0002, 12);
  expect(run.reserve(chat)(answered({ status: 401 }))).toBe(0);
});

test.for([
  ['that has failed', undefined],
  ['of a model that no table lists', answered({ modelServed: 'new', usage: NONE })],
  ['that broke off before its usage', answered({ usage: undefined })],
] as const)('a play %s costs as much as was estimated', async ([, exchanges]) => {
  const run = await plan();
  const settle = run.reserve(chat);
  if (exchanges !== undefined) settle(exchanges);
  expect(run.spentUsd).toBeCloseTo(ESTIMATED_USD, 12);
});

test('what is reserved is not there for the next', async () => {
  const run = await plan(1.5 * ESTIMATED_USD);
  expect(run.whyNot(chat)).toBeUndefined();
  run.reserve(chat);
  expect(run.whyNot(chat)).toContain('would cross the budget');
});
