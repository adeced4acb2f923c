import { describe, expect, onTestFinished, test } from 'vitest';

import type { GeneratedAnswer } from '../../script.ts';
import { startSimulator } from '../../simulator.ts';
import { RawCall } from '../../testing/raw-call.ts';

const KEY = 'AIza-stream-0123456789';
const generated: GeneratedAnswer = { kind: 'generated', inputTokens: 5, outputTokens: 3 };
const contents = [{ role: 'user', parts: [{ text: 'Hello.' }] }];

async function streamRaw(query: string, answer = generated, extra: object = {}) {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.stop());
  simulator.acceptKey('google', KEY);
  simulator.script(KEY, { answer });
  const call = new RawCall(simulator.providerUrl('google'), {
    path: `/v1beta/models/gemini-3.5-flash:streamGenerateContent${query}`,
    headers: { 'x-goog-api-key': KEY },
    body: { contents, ...extra },
  });
  await call.until('\r\n0\r\n\r\n');
  await simulator.untilQuiet();
  call.leave();
  const chunks = call.chunks.filter((chunk) => chunk !== '');
  return { call, chunks, ledger: simulator.ledger };
}

async function streamEvents(answer?: GeneratedAnswer, extra?: object) {
  const streamed = await streamRaw('?alt=sse', answer, extra);
  const payloads = streamed.chunks.map((event) => JSON.parse(event.slice('data: '.length)));
  return { ...streamed, payloads };
}

describe('google: streaming with alt=sse', () => {
  test('frames each event as data and CRLF, without a name, in a chunk of its own', async () => {
    const { call, chunks } = await streamEvents();
    for (const chunk of chunks) {
      expect(chunk).toMatch(/^data: \{"candidates": [^\n\r]+\}\r\n\r\n$/);
    }
    expect(call.body).not.toContain('event:');
    expect(call.body).not.toContain('[DONE]');
    expect(call.head).toContain('content-type: text/event-stream\r\n');
    expect(call.head).toContain('content-disposition: attachment');
  });

  test('puts a space after each colon and none after a comma', async () => {
    const { chunks } = await streamEvents();
    expect(chunks[0]).toContain(
      '{"candidates": [{"content": {"parts": [{"text": "Tally"}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 5,',
    );
  });

  test('sends one token per chunk, and the finish reason in a last one without text', async () => {
    const { payloads } = await streamEvents();
    expect(payloads.map(({ candidates }) => candidates)).toEqual([
      [{ content: { parts: [{ text: 'Tally' }], role: 'model' }, index: 0 }],
      [{ content: { parts: [{ text: ' counts' }], role: 'model' }, index: 0 }],
      [{ content: { parts: [{ text: ' what' }], role: 'model' }, index: 0 }],
      [
        {
          content: { parts: [{ text: '' }], role: 'model' },
          finishReason: 'STOP',
          index: 0,
        },
      ],
    ]);
    expect(new Set(payloads.map(({ responseId }) => responseId)).size).toBe(1);
    expect(payloads[0]).toMatchObject({ modelVersion: 'gemini-3.5-flash' });
  });

  test('says the usage so far on every chunk, cached tokens inside and thoughts apart', async () => {
    const answer = { ...generated, cachedInputTokens: 7, reasoningTokens: 11 };
    const { payloads, ledger } = await streamEvents(answer);
    expect(payloads.map(({ usageMetadata }) => usageMetadata)).toMatchObject(
      [1, 2, 3, 3].map((candidatesTokenCount) => ({
        promptTokenCount: 12,
        cachedContentTokenCount: 7,
        candidatesTokenCount,
        thoughtsTokenCount: 11,
        totalTokenCount: 23 + candidatesTokenCount,
      })),
    );
    expect(ledger.calls).toMatchObject([
      {
        operation: 'streamGenerateContent',
        modelRequested: 'gemini-3.5-flash',
        modelServed: 'gemini-3.5-flash',
        isStream: true,
        usage: { input: 5, cachedInput: 7, cacheWrite: 0, output: 3, reasoning: 11 },
      },
    ]);
  });

  test('leaves counts of zero out, and stops by length when the request allows no more', async () => {
    const limit = { generationConfig: { maxOutputTokens: 3 } };
    const { payloads, call } = await streamEvents(generated, limit);
    expect(payloads.at(-1)).toMatchObject({ candidates: [{ finishReason: 'MAX_TOKENS' }] });
    expect(call.body).not.toMatch(/thoughts|cached/);
    const empty = await streamEvents({ ...generated, outputTokens: 0 });
    expect(empty.payloads).toMatchObject([{ usageMetadata: { totalTokenCount: 5 } }]);
    expect(empty.call.body).not.toContain('candidatesTokenCount');
  });
});

describe('google: streaming without alt=sse', () => {
  test('is one JSON array, whose elements come in a chunk each', async () => {
    const { call, chunks, ledger } = await streamRaw('');
    expect(chunks).toHaveLength(4);
    expect(chunks[0]).toMatch(/^\[\{\n {2}"candidates": \[\n[\s\S]*\n\}\n$/);
    for (const chunk of chunks.slice(1)) {
      expect(chunk).toMatch(/^,\r\n\{\n {2}"candidates": /);
    }
    expect(chunks.at(-1)).toMatch(/\n\}\n\]$/);
    expect(JSON.parse(call.body)).toHaveLength(4);
    expect(call.head).toContain('content-type: application/json; charset=UTF-8');
    expect(ledger.calls).toMatchObject([{ isStream: true, contentEvents: 3, end: 'completed' }]);
  });

  test('spells enums as numbers when asked to', async () => {
    const { call } = await streamRaw('?$alt=json%3Benum-encoding%3Dint');
    expect(JSON.parse(call.body).at(-1)).toMatchObject({
      candidates: [{ finishReason: 1 }],
      usageMetadata: { promptTokensDetails: [{ modality: 1 }] },
    });
  });
});
