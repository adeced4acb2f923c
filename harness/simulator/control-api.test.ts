import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { Cassette } from '#harness/cassettes/cassette.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { startSimulator } from './simulator.ts';
import { chatRequest, RawCall } from './testing/raw-call.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url));
const KEY = 'sk-control-0123456789';
const generated = { kind: 'generated', inputTokens: 5, outputTokens: 8 };

async function startControlled(cassettes: readonly Cassette[] = []) {
  const simulator = await startSimulator({ cassettes });
  onTestFinished(() => simulator.stop());
  const control = async (method: 'GET' | 'POST', path: string, body?: unknown) => {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${simulator.url}/_tally${path}`, { method, ...text });
    return { status: response.status, body: await response.json() };
  };
  return { simulator, control };
}

describe('control API', () => {
  test('takes a call through script, barrier, release and ledger from another process', async () => {
    const { simulator, control } = await startControlled();
    await control('POST', '/keys', { provider: 'openai', key: KEY });
    const scripts = [{ answer: generated, holdAfterContentEvents: 2 }];
    expect(await control('POST', '/scripts', { key: KEY, scripts })).toEqual({
      status: 200,
      body: {},
    });
    const body = chatRequest({ stream: true });
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body });

    const held = await control('POST', '/until-held', { key: KEY, count: 1, timeoutMs: 5_000 });
    expect(held).toEqual({ status: 200, body: { held: 1 } });
    expect(await control('POST', '/held', { key: KEY })).toMatchObject({ body: { held: 1 } });
    expect(await control('POST', '/release', { key: KEY })).toMatchObject({
      body: { released: 1 },
    });
    await call.until('[DONE]');
    expect(await control('POST', '/until-quiet', {})).toEqual({ status: 200, body: { open: 0 } });

    expect(await control('GET', '/ledger')).toMatchObject({
      body: { open: 0, calls: [{ end: 'completed', contentEvents: 8, answeredBy: 'script' }] },
    });
    expect(await control('GET', '/findings')).toEqual({
      status: 200,
      body: { findings: [], unusedScripts: [], unusedCassettes: [], cassetteUses: [] },
    });
  });

  test('tells another process what differs from the recording that it expects', async () => {
    const { simulator, control } = await startControlled(
      (await loadCassettes(FIXTURES)).filter(({ id }) => id === 'openai/chat'),
    );
    await control('POST', '/keys', { provider: 'openai', key: KEY });
    await control('POST', '/expect-cassette', { key: KEY, cassette: 'openai/chat' });
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: chatRequest() });
    await call.until('The service now sends something else than the recording');
    expect(await control('GET', '/findings')).toMatchObject({
      body: {
        findings: [{ check: 'cassettes/drift' }],
        cassetteUses: [
          { id: 'openai/chat', drifts: [expect.stringContaining('body.messages[0].content')] },
        ],
      },
    });
  });

  test.for([
    [
      '/scripts',
      { key: KEY, scripts: [{ answer: generated, cutAfterContentEvents: 9 }] },
      'would never happen',
    ],
    ['/scripts', { key: KEY, scripts: [] }, 'scripts'],
    ['/keys', { provider: 'nobody', key: KEY }, 'provider'],
    ['/held', {}, 'key'],
  ] as const)(
    'refuses a wrong body of %s and says where it is wrong',
    async ([path, body, said]) => {
      const { control } = await startControlled();
      expect(await control('POST', path, body)).toMatchObject({
        status: 400,
        body: { error: expect.stringContaining(said), fix: expect.any(String) },
      });
    },
  );

  test('refuses what is not JSON, and names its paths for an unknown one', async () => {
    const { simulator, control } = await startControlled();
    const broken = await fetch(`${simulator.url}/_tally/keys`, { method: 'POST', body: '{' });
    expect(broken.status).toBe(400);
    expect(await control('GET', '/hold')).toMatchObject({
      status: 404,
      body: { fix: expect.stringContaining('POST /until-held') },
    });
  });

  test('answers 408 with the code when a wait runs out of time', async () => {
    const { control } = await startControlled();
    expect(
      await control('POST', '/until-held', { key: KEY, count: 1, timeoutMs: 10 }),
    ).toMatchObject({ status: 408, body: { code: 'H_SIMULATOR_NOT_HELD' } });
  });
});
