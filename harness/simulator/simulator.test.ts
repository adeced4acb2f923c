import { createServer } from 'node:net';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';

import type { Cassette } from '#harness/cassettes/cassette.ts';
import { type Simulator, startSimulator } from './simulator.ts';

const KEY = 'sk-simulator-0123456789';
const messages = [{ role: 'user' as const, content: 'Hello.' }];
const request = { model: 'gpt-5.4-nano', messages };

function chatCassette(extra: Partial<Cassette> = {}): Cassette {
  const answer = {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'gpt-5.4-nano',
    choices: [],
  };
  return {
    id: 'openai/chat',
    provider: 'openai',
    provenance: {
      kind: 'synthetic',
      date: '2026-11-22',
      modelRequested: 'gpt-5.4-nano',
      modelServed: 'gpt-5.4-nano',
      recorder: 'test',
    },
    repeat: false,
    volatile: [],
    interactions: [
      {
        request: { method: 'POST', path: '/v1/chat/completions', body: request },
        response: {
          status: 200,
          headers: { 'content-type': 'application/json', 'x-request-id': 'req_recorded' },
          bytes: Buffer.from(JSON.stringify(answer)),
          chunks: undefined,
        },
      },
    ],
    ...extra,
  };
}

async function start(options: Parameters<typeof startSimulator>[0] = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  simulator.acceptKey('openai', KEY);
  return simulator;
}

function ask(simulator: Simulator, body: Partial<typeof request> = {}, key = KEY) {
  const client = new OpenAI({ apiKey: key, baseURL: simulator.providerUrl('openai') });
  return client.chat.completions.create({ ...request, ...body }).catch((error: unknown) => error);
}

describe('order of answering', () => {
  test('is script, cassette, generated', async () => {
    await using simulator = await start({ cassettes: [chatCassette()], generate: true });
    simulator.script(KEY, { answer: { kind: 'generated', inputTokens: 1, outputTokens: 1 } });
    await ask(simulator);
    await ask(simulator);
    await ask(simulator, { messages: [{ role: 'user', content: 'Another.' }] });
    expect(simulator.ledger.calls.map(({ answeredBy }) => answeredBy)).toEqual([
      'script',
      'openai/chat',
      'generated',
    ]);
  });

  test('plays scripts first in, first out, and reports the ones nobody asked for', async () => {
    await using simulator = await start();
    const error = (status: number) => ({ answer: { kind: 'error', status } as const });
    simulator.script(KEY, error(400), error(404));
    simulator.script(KEY, error(401));
    await ask(simulator);
    await ask(simulator);
    expect(simulator.ledger.calls.map(({ status }) => status)).toEqual([400, 404]);
    expect(simulator.unusedScripts()).toMatchObject([
      { check: 'simulator/unused_script', message: expect.stringContaining('"status":401') },
    ]);
    await ask(simulator);
    expect(simulator.unusedScripts()).toEqual([]);
  });

  test('says that a script waits for a key that is not accepted', async () => {
    await using simulator = await start();
    const script = { answer: { kind: 'generated', inputTokens: 1, outputTokens: 1 } } as const;
    simulator.script('sk-forgotten', script);
    expect(await ask(simulator, {}, 'sk-forgotten')).toMatchObject({ status: 401 });
    expect(simulator.unusedScripts()).toMatchObject([
      { fix: expect.stringContaining('acceptKey()') },
    ]);
  });

  test('keeps two keys apart in scripts and in consumed cassettes', async () => {
    await using simulator = await start({ cassettes: [chatCassette()] });
    simulator.acceptKey('openai', 'sk-other');
    simulator.script(KEY, { answer: { kind: 'error', status: 404 } });
    await Promise.all([ask(simulator), ask(simulator, {}, 'sk-other')]);
    await ask(simulator);
    const byKey = Map.groupBy(simulator.ledger.calls, ({ keyFingerprint }) => keyFingerprint);
    const answered = [...byKey.values()].map((calls) => calls.map(({ answeredBy }) => answeredBy));
    expect(answered.sort()).toEqual([['openai/chat'], ['script', 'openai/chat']]);
    expect(simulator.findings).toEqual([]);
  });
});

describe('unmatched request', () => {
  test('is refused once, with the difference from the nearest cassette, and is a finding', async () => {
    await using simulator = await start({ cassettes: [chatCassette()] });
    const failure = await ask(simulator, { messages: [{ role: 'user', content: 'Goodbye.' }] });
    const difference = 'body.messages[0].content: cassette "Hello.", request "Goodbye."';
    expect(failure).toMatchObject({ status: 501, code: 'tally_unmatched_request' });
    expect(String(failure)).toContain(`The nearest cassette is "openai/chat":\n  ${difference}`);
    expect(simulator.findings).toMatchObject([
      { check: 'simulator/unmatched_request', message: expect.stringContaining(difference) },
    ]);
    expect(simulator.ledger.calls).toMatchObject([
      { status: 501, end: 'refused', answeredBy: undefined, usage: undefined },
    ]);
  });

  test('never shows the key, not even when the request repeats it', async () => {
    await using simulator = await start({ cassettes: [chatCassette()] });
    const failure = await ask(simulator, { messages: [{ role: 'user', content: `key ${KEY}` }] });
    expect(String(failure)).toContain('[key ');
    expect(String(failure)).not.toContain(KEY);
    expect(JSON.stringify(simulator.findings)).not.toContain(KEY);
  });

  test('says so when there is nothing to compare with, or nothing is spoken there', async () => {
    await using simulator = await start();
    const client = new OpenAI({ apiKey: KEY, baseURL: simulator.providerUrl('openai') });
    const moderate = client.moderations.create({ input: 'x' });
    await expect(moderate).rejects.toThrow(
      'There is no cassette of this provider to compare with.',
    );
    const elsewhere = await fetch(`${simulator.url}/v1/models?key=secret`);
    expect(elsewhere.status).toBe(404);
    expect(simulator.findings).toMatchObject([
      { check: 'simulator/unmatched_request' },
      { check: 'simulator/unknown_path', fix: expect.stringContaining('/openai/v1') },
    ]);
    expect(JSON.stringify(simulator.findings)).not.toContain('secret');
    expect(simulator.ledger.calls).toMatchObject([{ operation: 'POST /v1/moderations' }]);
  });

  test('tells a cassette that was had already from one that does not match', async () => {
    await using simulator = await start({ cassettes: [chatCassette()] });
    await ask(simulator);
    expect(await ask(simulator)).toMatchObject({ status: 501 });
    expect(simulator.findings).toMatchObject([{ check: 'cassettes/over_used' }]);
  });
});

describe('cassettes', () => {
  test('may repeat when they say so, and are reported when nobody asked', async () => {
    await using simulator = await start({
      cassettes: [
        chatCassette({ repeat: true }),
        chatCassette({ id: 'openai/other', volatile: ['body.model'], interactions: [] }),
      ],
    });
    expect(simulator.unusedCassettes()).toMatchObject([
      {
        check: 'cassettes/unused',
        message: expect.stringContaining('openai/chat (interaction 1)'),
      },
    ]);
    await ask(simulator);
    await ask(simulator);
    expect(simulator.unusedCassettes()).toEqual([]);
    expect(simulator.findings).toMatchObject([{ check: 'cassettes/empty' }]);
  });
});

test('a closed port refuses its provider alone, also callers that were connected, until it opens', async () => {
  await using simulator = await start({ generate: true });
  simulator.acceptKey('azure', KEY);
  const client = new OpenAI({
    apiKey: KEY,
    baseURL: simulator.providerUrl('openai'),
    maxRetries: 0,
  });
  await client.models.list();

  simulator.closePort('openai');
  const refused = await client.models.list().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({ cause: { cause: { code: 'ECONNREFUSED' } } });
  const azure = `${simulator.providerUrl('azure')}/openai/v1/models`;
  expect((await fetch(azure, { headers: { 'api-key': KEY } })).status).toBe(200);

  await simulator.openPort('openai');
  await client.models.list();
  const providers = simulator.ledger.calls.map(({ provider }) => provider);
  expect(providers).toEqual(['openai', 'azure', 'openai']);
});

test('a taken port is an error that names it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(startSimulator({ port })).rejects.toThrow(`cannot listen on port ${port}`);
  server.close();
});
