import { describe, expect, test } from 'vitest';
import { translateAnswer } from './answer.ts';

const USAGE = { input_tokens: 5, cache_read_input_tokens: 100, output_tokens: 7 };
const message = (fields: object) =>
  translateAnswer({ id: 'msg_01A', model: 'claude-opus-5', stop_reason: 'end_turn', ...fields });

describe('openai over anthropic: answer', () => {
  test('is a chat completion', () => {
    const content = [
      { type: 'text', text: 'Hello' },
      { type: 'text', text: ' you' },
    ];
    expect(message({ content, usage: USAGE })).toEqual({
      id: 'chatcmpl-01A',
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'claude-opus-5',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello you', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 105,
        completion_tokens: 7,
        total_tokens: 112,
        prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
  });

  test('has tool calls, and thoughts apart from the text', () => {
    const content = [
      { type: 'thinking', thinking: 'Hm.', signature: 'x' },
      { type: 'redacted_thinking', data: 'x' },
      { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: [1] } },
      { type: 'tool_use', id: 'toolu_2', name: 'g', input: {} },
    ];
    const call = (id: string, name: string, args: string) => ({
      id,
      type: 'function',
      function: { name, arguments: args },
    });
    expect(message({ content, stop_reason: 'tool_use' })['choices']).toMatchObject([
      {
        message: {
          content: null,
          reasoning_content: 'Hm.',
          tool_calls: [call('toolu_1', 'f', '{"a":[1]}'), call('toolu_2', 'g', '{}')],
        },
        finish_reason: 'tool_calls',
      },
    ]);
  });

  test('without usage has none', () => {
    expect(message({ content: [] })).not.toHaveProperty('usage');
  });

  test.for([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['refusal', 'content_filter'],
    ['a reason of 2030', 'stop'],
    [null, 'stop'],
  ] as const)('that ended with %s ends with %s', ([stop_reason, finish_reason]) => {
    expect(message({ content: [], stop_reason })['choices']).toMatchObject([{ finish_reason }]);
  });
});
