import { describe, expect, onTestFinished, test } from 'vitest';

import type { GeneratedAnswer } from '../../script.ts';
import { startSimulator } from '../../simulator.ts';
import { RawCall } from '../../testing/raw-call.ts';

const KEY = 'sk-ant-stream-0123456789';
const generated: GeneratedAnswer = { kind: 'generated', inputTokens: 5, outputTokens: 3 };

async function streamRaw(answer: GeneratedAnswer = generated, extra: object = {}) {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.stop());
  simulator.acceptKey('anthropic', KEY);
  simulator.script(KEY, { answer });
  const call = new RawCall(simulator.providerUrl('anthropic'), {
    path: '/v1/messages',
    headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' },
    body: {
      model: 'claude-haiku-4-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Hello.' }],
      stream: true,
      ...extra,
    },
  });
  await call.until('\r\n0\r\n\r\n');
  await simulator.untilQuiet();
  call.leave();
  const events = call.chunks.filter((chunk) => chunk !== '');
  const payloads = events.map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)));
  return { call, events, payloads, ledger: simulator.ledger };
}

describe('anthropic: streaming', () => {
  test('frames each event as its name, its data and a blank line, in a chunk of its own', async () => {
    const { call, events, payloads } = await streamRaw();
    for (const [index, event] of events.entries()) {
      expect(event).toMatch(/^event: (\w+)\ndata: \{"type": ?"\1"[^\n\r]*\}\n\n$/);
      expect(event).toContain(`event: ${payloads[index].type}\n`);
    }
    expect(call.body).not.toContain('[DONE]');
    expect(call.head).toContain('content-type: text/event-stream; charset=utf-8');
    expect(call.head).toMatch(/request-id: req_[0-9a-f]{24}\r\n/);
    expect(call.head).toMatch(/anthropic-ratelimit-tokens-reset: \d{4}-\d\d-\d\dT[\d:]{8}Z\r\n/);
  });

  test('opens with one ping as its third event and ends with message_stop', async () => {
    const { events, payloads } = await streamRaw();
    expect(payloads.map(({ type }) => type)).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(events[2]).toBe('event: ping\ndata: {"type": "ping"}\n\n');
  });

  test('pads its payloads before the closing brace, never the same twice in a row', async () => {
    const { events } = await streamRaw({ ...generated, outputTokens: 30 });
    const deltas = events.filter((event) => event.includes('text_delta'));
    const padding = deltas.map((event) => event.match(/\}( *)\}\n\n$/)?.[1]?.length);
    expect(Math.max(...padding.map(Number))).toBeGreaterThan(8);
    expect(padding.some((spaces, index) => spaces === padding[index + 1])).toBe(false);
  });

  test('sends one token per delta', async () => {
    const { payloads } = await streamRaw();
    const deltas = payloads.filter(({ type }) => type === 'content_block_delta');
    expect(deltas.map(({ index, delta }) => [index, delta])).toEqual([
      [0, { type: 'text_delta', text: 'Tally' }],
      [0, { type: 'text_delta', text: ' counts' }],
      [0, { type: 'text_delta', text: ' what' }],
    ]);
  });

  test('says usage twice: the input and one token at the start, the totals at the end', async () => {
    const { payloads, ledger } = await streamRaw({
      ...generated,
      cachedInputTokens: 7,
      cacheWriteTokens: 9,
      reasoningTokens: 11,
    });
    const input = {
      input_tokens: 5,
      cache_creation_input_tokens: 9,
      cache_read_input_tokens: 7,
    };
    expect(payloads[0].message).toMatchObject({
      model: 'claude-haiku-4-5-20251001',
      content: [],
      stop_reason: null,
      usage: {
        ...input,
        cache_creation: { ephemeral_5m_input_tokens: 9, ephemeral_1h_input_tokens: 0 },
        output_tokens: 1,
        service_tier: 'standard',
      },
    });
    expect(payloads.at(-2)).toEqual({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null, stop_details: null },
      usage: { ...input, output_tokens: 14, output_tokens_details: { thinking_tokens: 11 } },
    });
    expect(ledger.calls[0]?.usage).toEqual({
      input: 5,
      cachedInput: 7,
      cacheWrite: 9,
      output: 3,
      reasoning: 11,
    });
  });

  test('stops by max_tokens when the request allows no more', async () => {
    const { payloads } = await streamRaw(generated, { max_tokens: 3 });
    expect(payloads.at(-2)).toMatchObject({ delta: { stop_reason: 'max_tokens' } });
  });

  test('has no content block when there is no token', async () => {
    const { payloads } = await streamRaw({ ...generated, outputTokens: 0 });
    const types = payloads.map(({ type }) => type);
    expect(types).toEqual(['message_start', 'message_delta', 'message_stop']);
    expect(payloads[0].message.usage.output_tokens).toBe(0);
  });

  test('tells the usage of the start to the ledger when it is cut', async () => {
    await using simulator = await startSimulator();
    simulator.acceptKey('anthropic', KEY);
    simulator.script(KEY, { answer: generated, cutAfterContentEvents: 2 });
    using call = new RawCall(simulator.providerUrl('anthropic'), {
      path: '/v1/messages',
      headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' },
      body: { model: 'claude-opus-5', max_tokens: 9, messages: ['x'], stream: true },
    });
    await call.untilClosed();
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([
      { end: 'cut', contentEvents: 2, usage: { input: 5, output: 1 } },
    ]);
  });
});
