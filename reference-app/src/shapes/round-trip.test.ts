import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createStream as createAnthropicStream } from './anthropic-over-openai/stream.ts';
import type { JsonObject } from './json-object.ts';
import { createStream as createOpenAiStream } from './openai-over-anthropic/stream.ts';
import type { StreamTranslation } from './translation.ts';

/** A piece of what a model writes: a text, or arguments of the call with that index. */
type Written = readonly ['text' | 'thinking', string] | readonly ['call', number, string];

const piece: fc.Arbitrary<Written> = fc.oneof(
  fc.tuple(fc.constantFrom('text' as const, 'thinking' as const), fc.string()),
  fc.tuple(fc.constant('call' as const), fc.nat(3), fc.string({ unit: 'grapheme' })),
);

const chunkOf = (delta: object): JsonObject => ({
  id: 'chatcmpl-1',
  choices: [{ index: 0, delta }],
});

function* toChunks(pieces: readonly Written[]): Generator<JsonObject> {
  const opened = new Set<number>();
  for (const written of pieces) {
    if (written[0] === 'text') yield chunkOf({ content: written[1] });
    if (written[0] === 'thinking') yield chunkOf({ reasoning_content: written[1] });
    if (written[0] !== 'call') continue;
    const [, index, text] = written;
    const isNew = !opened.has(index);
    opened.add(index);
    const opening = isNew && { id: `id-${index}`, type: 'function' };
    const called = { ...(isNew && { name: `tool-${index}` }), arguments: text };
    yield chunkOf({ tool_calls: [{ index, ...opening, function: called }] });
  }
  yield { id: 'chatcmpl-1', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
}

function pass(stream: StreamTranslation, events: Iterable<JsonObject>): JsonObject[] {
  return [...events].flatMap((event) => stream.translate(event)).concat(stream.end());
}

interface ChunkDelta {
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly {
    readonly index: number;
    readonly id?: string;
    readonly function: { readonly arguments?: string };
  }[];
}

/** What a client of chat completions has when it has put all deltas together. */
function putTogether(chunks: readonly JsonObject[]) {
  const calls = new Map<number, { id: string; text: string }>();
  let [text, thinking] = ['', ''];
  for (const { choices } of chunks) {
    for (const { delta } of choices as readonly { delta: ChunkDelta }[]) {
      text += delta.content ?? '';
      thinking += delta.reasoning_content ?? '';
      for (const { index, id, function: called } of delta.tool_calls ?? []) {
        const call = calls.get(index) ?? { id: id ?? '', text: '' };
        calls.set(index, { ...call, text: call.text + (called.arguments ?? '') });
      }
    }
  }
  const written = [...calls.values()].map((call) => ({ ...call, text: call.text || '{}' }));
  return { text, thinking, calls: written.sort((a, b) => a.id.localeCompare(b.id)) };
}

describe('a stream', () => {
  test('loses nothing and mixes nothing on its way to Anthropic’s shape and back', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const chunks = [...toChunks(pieces)];
        const back = pass(createOpenAiStream(), pass(createAnthropicStream(), chunks));
        expect(putTogether(back)).toEqual(putTogether(chunks));
      }),
      { numRuns: 500 },
    );
  });

  test('in Anthropic’s shape has one block after the other, each closed once', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const events = pass(createAnthropicStream(), toChunks(pieces));
        const open: unknown[] = [];
        let next = 0;
        for (const { type, index } of events) {
          if (type === 'content_block_start')
            expect([open.push(index), index]).toEqual([1, next++]);
          if (type === 'content_block_delta') expect([index]).toEqual(open);
          if (type === 'content_block_stop') expect([index]).toEqual([open.pop()]);
        }
        expect(open).toEqual([]);
        expect(events[0]).toMatchObject({ type: 'message_start' });
        expect(events.at(-1)).toMatchObject({ type: 'message_delta' });
      }),
      { numRuns: 500 },
    );
  });
});
