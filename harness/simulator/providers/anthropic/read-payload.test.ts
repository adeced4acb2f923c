import { describe, expect, test } from 'vitest';

import { readPayload } from './read-payload.ts';

const delta = (value: object) => JSON.stringify({ type: 'content_block_delta', delta: value });
const block = (value: object) =>
  JSON.stringify({ type: 'content_block_start', content_block: value });

describe('anthropic: what a recorded event says', () => {
  test.for([
    ['text', delta({ type: 'text_delta', text: 'a' }), true],
    ['thinking', delta({ type: 'thinking_delta', thinking: 'hm' }), true],
    ['tool arguments', delta({ type: 'input_json_delta', partial_json: '{' }), true],
    ['no tool arguments yet', delta({ type: 'input_json_delta', partial_json: '' }), false],
    ['a signature', delta({ type: 'signature_delta', signature: 'x' }), false],
    ['a citation', delta({ type: 'citations_delta', citation: {} }), false],
    ['a block', block({ type: 'text', text: '' }), false],
    ['a ping', '{"type": "ping"}', false],
    ['broken JSON', '{"type":', false],
  ] as const)('%s', ([, data, isContent]) => {
    expect(readPayload(data)).toMatchObject({ isContent, isEnd: false, error: undefined });
  });

  test('names the tools that are called, the server own too', () => {
    expect(readPayload(block({ type: 'tool_use', name: 'f' })).toolCalls).toEqual(['f']);
    const content = [
      { type: 'text', text: 'x' },
      { type: 'server_tool_use', name: 'web_search' },
    ];
    const message = JSON.stringify({ type: 'message', content, stop_reason: 'tool_use' });
    expect(readPayload(message)).toMatchObject({
      toolCalls: ['web_search'],
      finishReason: 'tool_use',
    });
  });

  test('ends with message_stop, or with an error in its place', () => {
    expect(readPayload('{"type":"message_stop"   }').isEnd).toBe(true);
    const error = { details: null, type: 'overloaded_error', message: 'Overloaded' };
    expect(
      readPayload(JSON.stringify({ type: 'error', error, request_id: 'req_1' })),
    ).toMatchObject({
      isEnd: true,
      isContent: false,
      error: { codes: ['overloaded_error'], message: 'Overloaded' },
    });
  });

  test('takes what message_delta does not repeat from the events before it', () => {
    const usage = {
      input_tokens: 5,
      cache_read_input_tokens: 7,
      cache_creation_input_tokens: 9,
      output_tokens: 1,
    };
    const start = readPayload(JSON.stringify({ type: 'message_start', message: { usage } }));
    const end = { type: 'message_delta', delta: {}, usage: { output_tokens: 30 } };
    expect(readPayload(JSON.stringify(end), start.usage).usage).toEqual({
      input: 5,
      cachedInput: 7,
      cacheWrite: 9,
      output: 30,
      reasoning: 0,
    });
  });

  test.for([null, undefined, {}, 'none', { output_tokens: '5' }])(
    'reads %j as no usage',
    (usage) => {
      expect(readPayload(JSON.stringify({ type: 'message', usage })).usage).toBeUndefined();
    },
  );
});
