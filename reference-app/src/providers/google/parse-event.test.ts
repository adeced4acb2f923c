import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../provider.ts';
import { StreamParser } from './parse-event.ts';

type Chunk = Extract<StreamEvent, { kind: 'chunk' }>;

const said = (parts: readonly object[], more: object = {}) => ({
  candidates: [{ content: { parts }, ...more }],
});
const call = (name: string) => ({ functionCall: { name, args: {} } });

function parseAll(...chunks: readonly object[]): StreamEvent[] {
  const parser = new StreamParser({ apiKey: 'key', modelRequested: 'm' });
  const events = chunks.map((chunk) => parser.parse({ ...chunk }));
  return [...events, ...parser.end()];
}

function choicesOf(events: readonly StreamEvent[]): unknown[] {
  return events
    .filter((event): event is Chunk => event.kind === 'chunk')
    .map(({ data: { choices } }) => (Array.isArray(choices) ? choices[0] : undefined));
}

describe('google: stream', () => {
  test('becomes the chunks of one completion, whose role comes first', () => {
    const head = { responseId: 'r1', modelVersion: 'm-001' };
    const events = parseAll(
      { ...said([{ text: 'Hm.', thought: true }]), ...head },
      { ...said([{ text: 'Hi.' }]), ...head },
      { ...said([], { finishReason: 'STOP' }), ...head },
    );
    expect(choicesOf(events)).toEqual([
      expect.objectContaining({
        delta: { role: 'assistant', reasoning_content: 'Hm.' },
        finish_reason: null,
      }),
      expect.objectContaining({ delta: { content: 'Hi.' } }),
      expect.objectContaining({ delta: {}, finish_reason: 'stop' }),
    ]);
    expect(events.slice(0, 3)).toMatchObject(
      [true, true, false].map((hasContent) => ({
        hasContent,
        modelServed: 'm-001',
        data: { id: 'chatcmpl-r1', model: 'm-001', object: 'chat.completion.chunk' },
      })),
    );
    expect(events.at(-1)).toEqual({ kind: 'end' });
  });

  test('counts tool calls on through the chunks, and ends with them', () => {
    const events = parseAll(
      said([call('a')]),
      said([call('b'), call('c')]),
      said([{ text: '' }], { finishReason: 'STOP' }),
    );
    expect(choicesOf(events)).toMatchObject([
      { delta: { tool_calls: [{ index: 0, function: { name: 'a', arguments: '{}' } }] } },
      { delta: { tool_calls: [{ index: 1 }, { index: 2, function: { name: 'c' } }] } },
      { finish_reason: 'tool_calls' },
    ]);
    expect(events).toMatchObject([{ hasContent: true }, { hasContent: true }, {}, {}]);
  });

  test('reports usage with each chunk, and as final only when all candidates have finished', () => {
    const usageMetadata = { promptTokenCount: 5, candidatesTokenCount: 1 };
    const of = (index: number, more: object = {}) => ({
      ...said([{ text: 'x' }], { index, ...more }),
      usageMetadata,
    });
    const finishReason = 'STOP';
    const events = parseAll(of(0), of(1), of(0, { finishReason }), of(1, { finishReason }));
    const finals = events.map((event) => event.kind === 'chunk' && event.usage?.isFinal);
    expect(finals).toEqual([false, false, false, true, undefined, false]);
    expect(events[4]).toMatchObject({ data: { choices: [], usage: { total_tokens: 6 } } });
  });

  test('takes usage that comes after the finish reason for the last word', () => {
    const events = parseAll(said([{ text: 'x' }], { finishReason: 'STOP' }), {
      usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 9 },
    });
    expect(events).toMatchObject([
      { usage: undefined },
      { hasContent: false, usage: { isFinal: true, tokens: { output: 9 } } },
      { data: { usage: { completion_tokens: 9 } } },
      { kind: 'end' },
    ]);
  });

  test('ends without usage when the provider reports none', () => {
    const events = parseAll(said([{ text: 'x' }], { finishReason: 'MAX_TOKENS' }));
    expect(events.map(({ kind }) => kind)).toEqual(['chunk', 'end']);
  });

  test('says that a prompt was filtered', () => {
    const events = parseAll({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } });
    expect(choicesOf(events)).toMatchObject([{ finish_reason: 'content_filter' }]);
    expect(events.at(-1)).toEqual({ kind: 'end' });
  });

  test.for([
    ['nothing', []],
    ['a text without a finish reason', [said([{ text: 'x' }])]],
    ['an error', [{ error: { code: 503, message: 'Overloaded.' } }]],
  ] as const)('has no end after %s', ([, chunks]) => {
    expect(parseAll(...chunks).map(({ kind }) => kind)).not.toContain('end');
  });
});
