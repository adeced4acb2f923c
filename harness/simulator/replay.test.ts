import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';

import type { Cassette } from '#harness/cassettes/cassette.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { openaiWire } from './providers/openai/wire.ts';
import { prepareReplay } from './replay.ts';
import { startSimulator } from './simulator.ts';
import { collect } from './testing/collect.ts';
import { RawCall } from './testing/raw-call.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url));
const KEY = 'sk-replay-0123456789';

async function loadCase(id: string): Promise<Cassette> {
  const cassette = (await loadCassettes(FIXTURES)).find((one) => one.id === id);
  if (cassette === undefined) {
    throw new Error(`There is no cassette "${id}".`);
  }
  return cassette;
}

function streamOf(text: string): Cassette['interactions'][number] {
  return {
    request: { method: 'POST', path: '/v1/chat/completions' },
    response: {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      bytes: Buffer.from(text),
      chunks: undefined,
    },
  };
}

const LONG_EVENT = `data: {"choices":[{"delta":{"content":"${'x'.repeat(60_000)}"}}]}\n\n`;

/** A simulator that answers every chat with so many long events, each a chunk, without pauses. */
async function startLong(events: number) {
  const { request, response } = streamOf(`${LONG_EVENT.repeat(events)}data: [DONE]\n\n`);
  const chunks = Array.from({ length: events + 1 }, (_, index): [number, number] => {
    return [index * LONG_EVENT.length, 0];
  });
  const interactions = [{ request, response: { ...response, chunks } }];
  const cassettes = [{ ...(await loadCase('openai/chat-stream')), interactions }];
  const simulator = await startSimulator({ cassettes, keepsTime: false });
  simulator.acceptKey('openai', KEY);
  return simulator;
}

describe('replay', () => {
  test('sends the recorded bytes in the recorded chunks, at the recorded times', async () => {
    const cassette = await loadCase('openai/chat-stream');
    const { request, response } = cassette.interactions[0] ?? streamOf('');
    await using simulator = await startSimulator({ cassettes: [cassette] });
    simulator.acceptKey('openai', KEY);
    const startedAtMs = performance.now();
    const body = JSON.stringify(request.body);
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body });
    await call.until('\r\n0\r\n\r\n');

    expect(call.body).toBe(response.bytes.toString('latin1'));
    const starts = call.chunks.map((_, index) => call.chunks.slice(0, index).join('').length);
    expect(starts.slice(0, -1)).toEqual(response.chunks?.map(([offset]) => offset));
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(
      response.chunks?.at(-1)?.[1] ?? 0,
    );
    expect(call.head).toContain('x-request-id: req_synthetic');
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([
      {
        answeredBy: 'openai/chat-stream',
        contentEvents: 7,
        usage: { input: 14, cachedInput: 0, cacheWrite: 0, output: 7, reasoning: 0 },
        modelServed: 'gpt-5.4-nano',
        end: 'completed',
      },
    ]);
  });

  test('without pauses waits for its reader, and stops when the reader leaves', async () => {
    // More than both ends of a connection hold.
    await using simulator = await startLong(300);
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: '' });
    call.socket.pause();
    await expect.poll(() => simulator.ledger.calls[0]?.contentEvents).toBeGreaterThan(0);
    call.leave();
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([{ end: 'abandoned' }]);
    expect(simulator.ledger.calls[0]?.contentEvents).toBeLessThan(300);
  });

  test('without pauses goes on when its reader does', async () => {
    await using simulator = await startLong(20);
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: '' });
    await call.until('[DONE]\n\n\r\n0\r\n\r\n');
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([{ end: 'completed', contentEvents: 20 }]);
    expect(call.chunks.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => LONG_EVENT));
  });

  test('is read by the official SDK, plain and streaming', async () => {
    const cassettes = await Promise.all(['openai/chat', 'openai/chat-stream'].map(loadCase));
    await using simulator = await startSimulator({ cassettes, keepsTime: false });
    simulator.acceptKey('openai', KEY);
    const client = new OpenAI({ apiKey: KEY, baseURL: simulator.providerUrl('openai') });
    const request = {
      model: 'gpt-5.4-nano',
      messages: [{ role: 'user' as const, content: 'Greet the reader in one short sentence.' }],
    };
    const plain = await client.chat.completions.create(request);
    const asked = { ...request, stream: true as const, stream_options: { include_usage: true } };
    const chunks = await collect(await client.chat.completions.create(asked));
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');

    expect(plain.choices[0]?.message.content).toBe('Hello, reader, and welcome!');
    expect(text).toBe('Hello, reader, and welcome! 👋');
    expect(chunks.at(-1)?.usage).toEqual(plain.usage);
    expect(simulator.findings).toEqual([]);
    expect(simulator.unusedCassettes()).toEqual([]);
  });

  test('counts an event with the chunk that completes it', () => {
    const content = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n';
    const interaction = streamOf(`${content}${content}data: [DONE]\n\n`);
    const boundaries = [0, content.length - 1, content.length + 10];
    const response = {
      ...interaction.response,
      chunks: boundaries.map((offset): [number, number] => [offset, 0]),
    };
    const { answer } = prepareReplay(openaiWire, 'openai/x', response);
    const parts = answer.kind === 'stream' ? [...answer.parts] : [];
    expect(parts.map(({ contentEvents }) => contentEvents)).toEqual([0, 1, 1]);
  });

  test.for([
    ['without a byte', '', 'cassettes/empty', 'without a single byte'],
    [
      'that ends inside an event',
      'data: [DONE]\n',
      'cassettes/stream_without_end',
      'last 13 bytes',
    ],
    ['without [DONE]', 'data: {"choices":[]}\n\n', 'cassettes/stream_without_end', 'has 1 events'],
  ] as const)('finds a recording %s', ([, text, check, said]) => {
    const { findings } = prepareReplay(openaiWire, 'openai/x', streamOf(text).response);
    expect(findings).toMatchObject([{ check, message: expect.stringContaining(said) }]);
  });
});
