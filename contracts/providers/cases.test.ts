import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { PROMISES } from './case.ts';
import { NOT_SUPPORTED, providerCases } from './cases.ts';

const CASSETTES = fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url));
const names = providerCases.map(({ provider, promise }) => `${provider}/${promise}`);

test('every provider keeps every promise, or it is said why not', () => {
  const promised = ['openai', 'google', 'anthropic'].flatMap((provider) =>
    Object.keys(PROMISES).map((promise) => `${provider}/${promise}`),
  );
  expect([...names, ...Object.keys(NOT_SUPPORTED)].sort()).toEqual(promised.sort());
});

test('every case has its cassette, and every cassette is one of a case', async () => {
  const cassettes = await loadCassettes(CASSETTES);
  expect(cassettes.map(({ id }) => id)).toEqual([...names].sort());
});
