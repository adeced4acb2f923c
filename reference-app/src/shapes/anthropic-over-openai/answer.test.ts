import { describe, expect, test } from 'vitest';
import { translateAnswer } from './answer.ts';

const HEAD = { id: 'chatcmpl-1', model: 'gpt-4o-mini' };
const completion = (message: object, finish_reason: string | null = 'stop') =>
  translateAnswer({ ...HEAD, choices: [{ index: 0, message, finish_reason }] });

describe('anthropic over openai: answer', () => {
  test('is a message', () => {
    const choices = [
      { index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' },
    ];
    const usage = {
      prompt_tokens: 105,
      completion_tokens: 7,
      total_tokens: 112,
      prompt_tokens_details: { cached_tokens: 100 },
      completion_tokens_details: { reasoning_tokens: 3 },
    };
    expect(translateAnswer({ ...HEAD, choices, usage })).toEqual({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'gpt-4o-mini',
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 5,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 100,
        output_tokens: 7,
        output_tokens_details: { thinking_tokens: 3 },
      },
    });
  });

  test('has tool calls; what is no JSON of an object is kept as text', () => {
    const call = (id: string, args: string) => ({
      id,
      type: 'function',
      function: { name: 'f', arguments: args },
    });
    const calls = [call('1', '{"a":1}'), call('2', ''), call('3', '{"cut'), call('4', '[1]')];
    const message = { content: null, reasoning_content: 'Hm', tool_calls: calls };
    const used = (id: string, input: object) => ({ type: 'tool_use', id, name: 'f', input });
    expect(completion(message, 'tool_calls')).toMatchObject({
      content: [
        { type: 'thinking', thinking: 'Hm', signature: '' },
        used('1', { a: 1 }),
        used('2', {}),
        used('3', { unparsed: '{"cut' }),
        used('4', { unparsed: '[1]' }),
      ],
      stop_reason: 'tool_use',
    });
  });

  test('tells a refusal', () => {
    expect(completion({ content: null, refusal: 'No.' })).toMatchObject({
      content: [{ type: 'text', text: 'No.' }],
      stop_reason: 'refusal',
    });
  });

  test('without usage has zeros, which its clients read', () => {
    expect(completion({})).toMatchObject({ usage: { input_tokens: 0, output_tokens: 0 } });
  });

  test.for([
    ['stop', 'end_turn'],
    ['length', 'max_tokens'],
    ['tool_calls', 'tool_use'],
    ['content_filter', 'refusal'],
    ['a reason of 2030', 'end_turn'],
    [null, 'end_turn'],
  ] as const)('that ended with %s ends with %s', ([finish_reason, stop_reason]) => {
    expect(completion({}, finish_reason)).toMatchObject({ stop_reason });
  });
});
