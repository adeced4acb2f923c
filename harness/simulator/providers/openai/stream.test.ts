import OpenAI from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { GeneratedAnswer, ProviderScript } from '../../script.ts';
import { startSimulator } from '../../simulator.ts';
import { collect } from '../../testing/collect.ts';
import { chatRequest, RawCall } from '../../testing/raw-call.ts';
import { readPayload } from './read-payload.ts';

const KEY = 'sk-stream-0123456789';
const generated: GeneratedAnswer = { kind: 'generated', inputTokens: 5, outputTokens: 3 };
const asksUsage = { stream: true, stream_options: { include_usage: true } };

async function streamRaw(request: object, script: ProviderScript = { answer: generated }) {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.stop());
  simulator.acceptKey('openai', KEY);
  simulator.script(KEY, script);
  const body = chatRequest(request);
  const call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body });
  await call.until('\r\n0\r\n\r\n');
  await simulator.untilQuiet();
  call.leave();
  const events = call.chunks.filter((chunk) => chunk !== '');
  const payloads = events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)));
  return { call, events, payloads, ledger: simulator.ledger };
}

describe('openai: streaming', () => {
  test('frames each event as data, one line feed, one blank line, in a chunk of its own', async () => {
    const { events, call } = await streamRaw(asksUsage);
    for (const event of events) {
      expect(event).toMatch(/^data: [^\n\r]+\n\n$/);
    }
    expect(events.at(-1)).toBe('data: [DONE]\n\n');
    expect(call.head).toContain('content-type: text/event-stream; charset=utf-8');
    expect(call.head).toMatch(/x-request-id: req_[0-9a-f]{32}\r\n/);
    expect(call.head).toMatch(/openai-processing-ms: \d+/);
  });

  test('opens with the role, sends one token per delta and closes with the finish reason', async () => {
    const { payloads } = await streamRaw(asksUsage);
    expect(payloads.map(({ choices }) => choices[0])).toEqual([
      { index: 0, delta: { role: 'assistant', content: '', refusal: null }, finish_reason: null },
      { index: 0, delta: { content: 'Tally' }, finish_reason: null },
      { index: 0, delta: { content: ' counts' }, finish_reason: null },
      { index: 0, delta: { content: ' what' }, finish_reason: null },
      { index: 0, delta: {}, finish_reason: 'stop' },
      undefined,
    ]);
  });

  test('has null usage on every chunk and the numbers in a last one without choices', async () => {
    const { payloads } = await streamRaw(asksUsage);
    expect(payloads.slice(0, -1).map(({ usage }) => usage)).toEqual([null, null, null, null, null]);
    expect(payloads.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 },
    });
  });

  test.for([
    ['was not asked for', { stream: true }, generated],
    ['is not sent by this provider', asksUsage, { ...generated, sendsUsage: false }],
  ] as const)('has no usage key at all when usage %s', async ([, request, answer]) => {
    const { call, ledger } = await streamRaw(request, { answer });
    expect(call.body).not.toContain('usage');
    expect(ledger.calls).toMatchObject([{ end: 'completed', contentEvents: 3, usage: undefined }]);
  });

  test('leaves the obfuscation out when asked to', async () => {
    const with_ = await streamRaw({ stream: true });
    const without = await streamRaw({
      stream: true,
      stream_options: { include_obfuscation: false },
    });
    expect(with_.payloads.every(({ obfuscation }) => obfuscation.length > 0)).toBe(true);
    expect(without.call.body).not.toContain('obfuscation');
  });

  test('has logprobs and a fingerprint before gpt-5 only', async () => {
    const old = await streamRaw({ stream: true, model: 'gpt-4o-mini' });
    const current = await streamRaw({ stream: true, model: 'gpt-5.4-nano' });
    expect(old.payloads[0]).toMatchObject({ choices: [{ logprobs: null }] });
    expect(old.payloads[0].system_fingerprint).toMatch(/^fp_/);
    expect(current.payloads[0].choices[0]).not.toHaveProperty('logprobs');
    expect(current.payloads[0].system_fingerprint).toBeNull();
  });

  test('is read by the official SDK to its end, with cached and reasoning tokens inside', async () => {
    await using simulator = await startSimulator();
    simulator.acceptKey('openai', KEY);
    const answer = { ...generated, cachedInputTokens: 7, reasoningTokens: 11 };
    simulator.script(KEY, { answer });
    const client = new OpenAI({ apiKey: KEY, baseURL: simulator.providerUrl('openai') });
    const stream = await client.chat.completions.create({
      model: 'gpt-5.4-nano',
      messages: [{ role: 'user', content: 'Hello.' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);

    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(
      'Tally counts what',
    );
    expect(chunks.at(-1)?.usage).toMatchObject({
      prompt_tokens: 12,
      prompt_tokens_details: { cached_tokens: 7 },
      completion_tokens: 14,
      completion_tokens_details: { reasoning_tokens: 11 },
      total_tokens: 26,
    });
    expect(simulator.ledger.calls[0]?.usage).toEqual({
      input: 5,
      cachedInput: 7,
      cacheWrite: 0,
      output: 3,
      reasoning: 11,
    });
  });

  test('gives the SDK an error when the connection is cut', async () => {
    await using simulator = await startSimulator();
    simulator.acceptKey('openai', KEY);
    simulator.script(KEY, { answer: generated, cutAfterContentEvents: 2 });
    const client = new OpenAI({ apiKey: KEY, baseURL: simulator.providerUrl('openai') });
    const messages = [{ role: 'user' as const, content: 'Hello.' }];
    const stream = await client.chat.completions.create({
      model: 'gpt-5.4-nano',
      messages,
      stream: true,
    });
    await expect(collect(stream)).rejects.toThrow(/terminated|closed|aborted/i);
  });
});

describe('openai: what a recorded event says', () => {
  const event = (delta: object) => JSON.stringify({ choices: [{ index: 0, delta }] });

  test.for([
    ['text', event({ content: 'a' }), true],
    ['a refusal', event({ refusal: 'no' }), true],
    ['reasoning', event({ reasoning_content: 'hm' }), true],
    ['tool arguments', event({ tool_calls: [{ index: 0, function: { arguments: '{' } }] }), true],
    ['legacy arguments', event({ function_call: { arguments: '{' } }), true],
    ['a custom tool input', event({ tool_calls: [{ index: 0, custom: { input: 'x' } }] }), true],
    ['a role', event({ role: 'assistant', content: '' }), false],
    ['a tool name', event({ tool_calls: [{ function: { name: 'f', arguments: '' } }] }), false],
    ['no delta', JSON.stringify({ choices: [] }), false],
    ['an error', JSON.stringify({ error: { message: 'x' } }), false],
    ['broken JSON', '{"choices":[', false],
  ] as const)('%s', ([, data, isContent]) => {
    expect(readPayload(data)).toMatchObject({ isContent, isEnd: false });
  });

  test.for([
    [{ delta: { tool_calls: [{ function: { name: 'f', arguments: '' } }] } }, 'f'],
    [{ delta: { tool_calls: [{ custom: { name: 'f' } }] } }, 'f'],
    [{ message: { tool_calls: [{ function: { name: 'f' } }] } }, 'f'],
    [{ message: { function_call: { name: 'f' } } }, 'f'],
  ] as const)('names the tool of %j', ([choice, name]) => {
    const payload = { choices: [{ ...choice, finish_reason: 'tool_calls' }] };
    expect(readPayload(JSON.stringify(payload))).toMatchObject({
      toolCalls: [name],
      finishReason: 'tool_calls',
    });
  });

  test('knows the end of the grammar', () => {
    expect(readPayload('[DONE]')).toMatchObject({ isEnd: true, isContent: false });
  });

  test('takes numbers for usage and null for none', () => {
    const usage = { prompt_tokens: 4020, completion_tokens: 4, prompt_tokens_details: null };
    const tokens = { input: 4020, cachedInput: 0, cacheWrite: 0, output: 4, reasoning: 0 };
    expect(readPayload(JSON.stringify({ choices: [], usage })).usage).toEqual(tokens);
    expect(readPayload(JSON.stringify({ choices: [], usage: null })).usage).toBeUndefined();
    expect(readPayload(JSON.stringify({ choices: [] })).usage).toBeUndefined();
  });
});
