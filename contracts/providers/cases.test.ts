import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { readAnswer } from '#harness/simulator/providers/read-answer.ts';
import { wireOf } from '#harness/simulator/providers/wires.ts';
import { PROMISES } from './case.ts';
import { NOT_SUPPORTED, providerCases } from './cases.ts';

const CASSETTES = fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url));
const names = providerCases.map(({ provider, promise }) => `${provider}/${promise}`);

test('every promise has its contract', async () => {
  const files = await readdir(new URL('.', import.meta.url));
  const contracts = Object.keys(PROMISES).map((promise) => `${promise}.contract.test.ts`);
  expect(files).toEqual(expect.arrayContaining(contracts));
});

test('every provider keeps every promise, or it is said why not', () => {
  const promised = ['openai', 'google', 'anthropic'].flatMap((provider) =>
    Object.keys(PROMISES).map((promise) => `${provider}/${promise}`),
  );
  expect([...names, ...Object.keys(NOT_SUPPORTED)].sort()).toEqual(promised.sort());
});

test.for(providerCases)('$provider/$promise is what its provider answers with', async (found) => {
  const { provider, promise, kind } = found;
  const cassettes = await loadCassettes(CASSETTES);
  const cassette = cassettes.find(({ id }) => id === `${provider}/${promise}`);
  const last = cassette?.interactions.at(-1);
  const read = last && readAnswer(wireOf(provider), last.response);
  expect(read).toMatchObject({ unknownFields: [], isComplete: true, leftOverBytes: 0 });
  expect(read?.error?.kind).toBe(kind);
});

test('every case has its cassette, and every cassette is one of a case', async () => {
  const cassettes = await loadCassettes(CASSETTES);
  expect(cassettes.map(({ id }) => id)).toEqual([...names].sort());
});
