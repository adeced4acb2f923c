import { expect, test } from 'vitest';
import { loadHarnessEnvironment } from './env.ts';

test('live runs have no key, ten cents and no obligation where nothing is set', () => {
  expect(loadHarnessEnvironment({}).live).toEqual({
    isRequired: false,
    budgetUsd: 0.1,
    keys: {},
    baseUrls: {},
  });
});

test('live runs take the keys that are set, and not the empty ones', () => {
  const { live } = loadHarnessEnvironment({
    TALLY_LIVE: '1',
    TALLY_LIVE_BUDGET_USD: '2.5',
    OPENAI_API_KEY: '',
    GOOGLE_API_KEY: 'key',
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
    AZURE_API_KEY: 'not recorded',
  });
  expect(live).toEqual({
    isRequired: true,
    budgetUsd: 2.5,
    keys: { google: 'key' },
    baseUrls: { anthropic: 'http://127.0.0.1:1' },
  });
});

test.for([
  { TALLY_LIVE: 'yes' },
  { TALLY_LIVE_BUDGET_USD: 'ten' },
  { TALLY_LIVE_BUDGET_USD: '-1' },
  { OPENAI_BASE_URL: 'localhost' },
])('%j is refused, and named', (env) => {
  const load = () => loadHarnessEnvironment(env as Record<string, string>);
  expect(load).toThrow(Object.keys(env)[0]);
  expect(load).toThrow('[H_CONFIG_ENVIRONMENT]');
});
