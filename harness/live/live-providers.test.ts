import { expect, test } from 'vitest';
import type { LiveEnvironment } from '#harness/config/env.ts';
import { liveProviders, whyNotLive } from './live-providers.ts';

const live: LiveEnvironment = {
  isRequired: false,
  budgetUsd: 0.1,
  keys: { openai: 'one', google: 'two', anthropic: 'three' },
  baseUrls: { google: 'https://gateway.test/google' },
};

test('providers are where their SDKs look for them, or behind the gateway that is named', () => {
  expect(liveProviders(live)).toEqual({
    openai: { baseUrl: 'https://api.openai.com/v1', key: 'one' },
    google: { baseUrl: 'https://gateway.test/google', key: 'two' },
    anthropic: { baseUrl: 'https://api.anthropic.com', key: 'three' },
  });
});

test('a provider without a key is not there, and the variable is named', () => {
  const keys = { google: 'two' };
  expect(Object.keys(liveProviders({ ...live, keys }))).toEqual(['google']);
  expect(whyNotLive('openai', { ...live, keys })).toBe('OPENAI_API_KEY is not set');
  expect(whyNotLive('google', { ...live, keys })).toBeUndefined();
});
