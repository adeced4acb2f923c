import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json-object.ts';
import { createStream } from './stream.ts';

const START = {
  type: 'message_start',
  message: { id: 'msg_1', model: 'claude-opus-5', usage: { input_tokens: 5, output_tokens: 1 } },
};
const open = (index: number, content_block: object) => ({
  type: 'content_block_start',
  index,
  content_block,
});
const add = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta });
const close = (index: number) => ({ type: 'content_block_stop', index });
const end = (stop_reason: string) => ({
  type: 'message_delta',
  delta: { stop_reason },
  usage: { output_tokens: 9 },
});

function translateAll(...events: readonly JsonObject[]): JsonObject[] {
  const stream = createStream();
  return [...events.flatMap((event) => stream.translate(event)), ...stream.end()];
}

/** The deltas of the chunks that are about the first choice. */
function deltasOf(chunks: readonly JsonObject[]): unknown[] {
  return chunks.flatMap(({ choices }) =>
    (choices as { delta: unknown }[]).map(({ delta }) => delta),
  );
}

describe('openai over anthropic: stream', () => {
  test('of a text has a chunk for each delta, why it ended, and the usage last', () => {
    const head = {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: expect.any(Number),
      model: 'claude-opus-5',
    };
    const chunk = (delta: object, finish_reason: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    });
    const chunks = translateAll(
      START,
      open(0, { type: 'text', text: '' }),
      { type: 'ping' },
      add(0, { type: 'text_delta', text: 'Hel' }),
      add(0, { type: 'text_delta', text: 'lo' }),
      close(0),
      end('max_tokens'),
    );
    expect(chunks).toEqual([
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({}, 'length'),
      {
        ...head,
        choices: [],
        usage: expect.objectContaining({
          prompt_tokens: 5,
          completion_tokens: 9,
          total_tokens: 14,
        }),
      },
    ]);
  });

  test('counts tool calls, not blocks, and gives each of them arguments', () => {
    const chunks = translateAll(
      START,
      open(0, { type: 'text', text: 'First' }),
      close(0),
      open(1, { type: 'tool_use', id: 'a', name: 'f', input: {} }),
      add(1, { type: 'input_json_delta', partial_json: '' }),
      add(1, { type: 'input_json_delta', partial_json: '{"a":' }),
      add(1, { type: 'input_json_delta', partial_json: '1}' }),
      close(1),
      open(2, { type: 'tool_use', id: 'b', name: 'g', input: {} }),
      add(2, { type: 'input_json_delta', partial_json: '' }),
      close(2),
      open(3, { type: 'tool_use', id: 'c', name: 'h', input: { b: 2 } }),
      close(3),
      end('tool_use'),
    );
    const called = (index: number, id: string, name: string, args = '') => ({
      tool_calls: [{ index, id, type: 'function', function: { name, arguments: args } }],
    });
    const wrote = (index: number, args: string) => ({
      tool_calls: [{ index, function: { arguments: args } }],
    });
    expect(deltasOf(chunks)).toEqual([
      { role: 'assistant', content: '' },
      { content: 'First' },
      called(0, 'a', 'f'),
      wrote(0, '{"a":'),
      wrote(0, '1}'),
      called(1, 'b', 'g'),
      wrote(1, '{}'),
      called(2, 'c', 'h', '{"b":2}'),
      {},
    ]);
  });

  test('shows thoughts apart from the text, and no signature', () => {
    const chunks = translateAll(
      START,
      open(0, { type: 'thinking', thinking: '' }),
      add(0, { type: 'thinking_delta', thinking: 'Hm' }),
      add(0, { type: 'signature_delta', signature: 'x' }),
      close(0),
      open(1, { type: 'redacted_thinking', data: 'x' }),
      close(1),
    );
    expect(deltasOf(chunks)).toEqual([
      { role: 'assistant', content: '' },
      { reasoning_content: 'Hm' },
    ]);
  });

  test('without usage ends without', () => {
    const start = { type: 'message_start', message: { id: 'msg_1', model: 'm' } };
    expect(translateAll(start)).toHaveLength(1);
  });
});
