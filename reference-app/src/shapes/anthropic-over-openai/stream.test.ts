import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json-object.ts';
import { createStream } from './stream.ts';

const chunk = (delta: object, finish_reason: string | null = null): JsonObject => ({
  id: 'chatcmpl-1',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, delta, finish_reason }],
});
const FIRST = chunk({ role: 'assistant', content: '' });
const USAGE = { choices: [], usage: { prompt_tokens: 5, completion_tokens: 9 } };
const NO_USAGE = { input_tokens: 0, output_tokens: 0 };

function translateAll(...chunks: readonly JsonObject[]): JsonObject[] {
  const stream = createStream();
  return [...chunks.flatMap((each) => stream.translate(each)), ...stream.end()];
}

const START = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'gpt-4o-mini',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: NO_USAGE,
  },
};
const open = (index: number, content_block: object) => ({
  type: 'content_block_start',
  index,
  content_block,
});
const add = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta });
const close = (index: number) => ({ type: 'content_block_stop', index });
const end = (stop_reason: string, usage: object = NO_USAGE) => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence: null },
  usage,
});
const TEXT = { type: 'text', text: '' };

describe('anthropic over openai: stream', () => {
  test('of a text is one block, with all of the usage at the end', () => {
    const filterOfAzure = { id: '', model: '', choices: [], prompt_filter_results: [{}] };
    const events = translateAll(
      filterOfAzure,
      FIRST,
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({}, 'length'),
      USAGE,
    );
    expect(events).toEqual([
      START,
      open(0, TEXT),
      add(0, { type: 'text_delta', text: 'Hel' }),
      add(0, { type: 'text_delta', text: 'lo' }),
      close(0),
      end('max_tokens', {
        input_tokens: 5,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 9,
      }),
    ]);
  });

  const call = (index: number, fields: object) => chunk({ tool_calls: [{ index, ...fields }] });
  const opening = (index: number, id: string) =>
    call(index, { id, type: 'function', function: { name: 'f', arguments: '' } });
  const writing = (index: number, text: string) => call(index, { function: { arguments: text } });
  const tool = (id: string) => ({ type: 'tool_use', id, name: 'f', input: {} });
  const json = (partial_json: string) => ({ type: 'input_json_delta', partial_json });

  test('keeps the calls of several tools apart, even when they come mixed', () => {
    const events = translateAll(
      FIRST,
      chunk({ content: 'I look.' }),
      opening(0, 'a'),
      writing(0, '{"x":'),
      opening(1, 'b'),
      writing(1, '{"y"'),
      writing(0, '1}'),
      writing(1, ':2}'),
      chunk({}, 'tool_calls'),
    );
    expect(events).toEqual([
      START,
      open(0, TEXT),
      add(0, { type: 'text_delta', text: 'I look.' }),
      close(0),
      open(1, tool('a')),
      add(1, json('{"x":')),
      add(1, json('1}')),
      close(1),
      open(2, tool('b')),
      add(2, json('{"y"')),
      add(2, json(':2}')),
      close(2),
      end('tool_use'),
    ]);
  });

  test('shows thoughts in a block of their own', () => {
    const thinking = { type: 'thinking', thinking: '', signature: '' };
    expect(
      translateAll(FIRST, chunk({ reasoning_content: 'Hm' }), chunk({ content: 'Yes' }, 'stop')),
    ).toEqual([
      START,
      open(0, thinking),
      add(0, { type: 'thinking_delta', thinking: 'Hm' }),
      close(0),
      open(1, TEXT),
      add(1, { type: 'text_delta', text: 'Yes' }),
      close(1),
      end('end_turn'),
    ]);
  });

  test('tells a refusal', () => {
    const events = translateAll(FIRST, chunk({ refusal: 'No.' }), chunk({}, 'stop'));
    expect(events).toContainEqual(add(0, { type: 'text_delta', text: 'No.' }));
    expect(events.at(-1)).toEqual(end('refusal'));
  });

  test('that says nothing is still a message', () => {
    const { message } = START;
    const start = { ...START, message: { ...message, id: expect.any(String), model: undefined } };
    expect(translateAll()).toEqual([start, end('end_turn')]);
  });
});
