import { describe, expect, test } from 'vitest';
import { translateRequest } from './request.ts';

const HELLO = { role: 'user', content: 'Hello' };
const HELLO_TURN = { role: 'user', content: [{ type: 'text', text: 'Hello' }] };
const translate = (body: object) => translateRequest({ model: 'm', messages: [HELLO], ...body });
const PLAIN = { model: 'm', messages: [HELLO_TURN], max_tokens: 4_096 };

describe('openai over anthropic: request', () => {
  test('has a limit, which Anthropic asks for', () => {
    expect(translate({})).toEqual(PLAIN);
    expect(translate({ max_tokens: 5 })).toEqual({ ...PLAIN, max_tokens: 5 });
    expect(translate({ max_tokens: 5, max_completion_tokens: 7 })).toMatchObject({ max_tokens: 7 });
  });

  test.for([
    [{ stop: 'END' }, { stop_sequences: ['END'] }],
    [{ stop: ['A', 'B'] }, { stop_sequences: ['A', 'B'] }],
    [
      { temperature: 0.5, top_p: 0.9 },
      { temperature: 0.5, top_p: 0.9 },
    ],
    [{ stream: true, stream_options: { include_usage: true } }, { stream: true }],
    [{ user: 'u1' }, { metadata: { user_id: 'u1' } }],
    [{ user: 'u1', safety_identifier: 'u2' }, { metadata: { user_id: 'u2' } }],
    [{ reasoning_effort: 'low' }, { output_config: { effort: 'low' } }],
    [{ response_format: { type: 'text' } }, {}],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { a: 1 } } } },
      { output_config: { format: { type: 'json_schema', schema: { a: 1 } } } },
    ],
    [{ n: 1, logprobs: false, frequency_penalty: 0, modalities: ['text'], seed: 7 }, {}],
    [{ n: null, stop: null, tools: null, temperature: null, logit_bias: null }, {}],
    [
      { thinking: { type: 'adaptive' }, top_k: 5 },
      { thinking: { type: 'adaptive' }, top_k: 5 },
    ],
    [{ tool_choice: 'auto' }, { tool_choice: { type: 'auto' } }],
    [{ tool_choice: 'required' }, { tool_choice: { type: 'any' } }],
    [{ tool_choice: 'none', parallel_tool_calls: false }, { tool_choice: { type: 'none' } }],
    [
      { tool_choice: { type: 'function', function: { name: 'f' } }, parallel_tool_calls: false },
      { tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true } },
    ],
    [
      { parallel_tool_calls: false },
      { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
    ],
    [{ parallel_tool_calls: true }, {}],
  ] as const)('with %j says %j', ([fields, expected]) => {
    expect(translate(fields)).toEqual({ ...PLAIN, ...expected });
  });

  test('describes tools', () => {
    const parameters = { type: 'object', properties: { a: { type: 'string' } } };
    const f = { name: 'f', description: 'Does it.', parameters, strict: true };
    const tools = [
      { type: 'function', function: f },
      { type: 'function', function: { name: 'g' } },
    ];
    expect(translate({ tools })['tools']).toEqual([
      { name: 'f', description: 'Does it.', input_schema: parameters, strict: true },
      { name: 'g', input_schema: { type: 'object', properties: {} } },
    ]);
  });

  test('takes the system out of the conversation, wherever it stands', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      HELLO,
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
    ];
    expect(translate({ messages })).toEqual({
      ...PLAIN,
      system: [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'Be kind.' },
      ],
    });
  });

  test('keeps several turns, tool calls, and the results of several tools in one turn', () => {
    const call = (id: string, args: string) => ({
      id,
      type: 'function',
      function: { name: 'f', arguments: args },
    });
    const messages = [
      HELLO,
      { role: 'assistant', content: '', tool_calls: [call('1', '{"a":1}'), call('2', '')] },
      { role: 'tool', tool_call_id: '1', content: 'one' },
      { role: 'tool', tool_call_id: '2', content: [{ type: 'text', text: 'two' }] },
      { role: 'user', content: 'And?' },
      { role: 'assistant', content: null, refusal: 'No.' },
    ];
    const result = (id: string, text: string) => ({
      type: 'tool_result',
      tool_use_id: id,
      content: [{ type: 'text', text }],
    });
    expect(translate({ messages })['messages']).toEqual([
      HELLO_TURN,
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: '1', name: 'f', input: { a: 1 } },
          { type: 'tool_use', id: '2', name: 'f', input: {} },
        ],
      },
      {
        role: 'user',
        content: [result('1', 'one'), result('2', 'two'), { type: 'text', text: 'And?' }],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'No.' }] },
    ]);
  });

  test.for([
    ['data:image/png;base64,AAAA', { type: 'base64', media_type: 'image/png', data: 'AAAA' }],
    ['https://example.com/a.png', { type: 'url', url: 'https://example.com/a.png' }],
  ] as const)('shows the image %s', ([url, source]) => {
    const content = [{ type: 'image_url', image_url: { url, detail: 'low' } }];
    expect(translate({ messages: [{ role: 'user', content }] })['messages']).toEqual([
      { role: 'user', content: [{ type: 'image', source }] },
    ]);
  });

  test.for([
    ['n', { n: 2 }],
    ['logprobs', { logprobs: true }],
    ['logit_bias', { logit_bias: { 1: 1 } }],
    ['frequency_penalty', { frequency_penalty: 0.5 }],
    ['temperature', { temperature: 1.5 }],
    ['functions', { functions: [] }],
    ['response_format.type', { response_format: { type: 'json_object' } }],
    ['reasoning_effort', { reasoning_effort: 'minimal' }],
    ['modalities.0', { modalities: ['audio'] }],
    ['tools.0.type', { tools: [{ type: 'custom', custom: {} }] }],
    ['tool_choice', { tool_choice: { type: 'allowed_tools' } }],
    ['messages.0.role', { messages: [{ role: 'function', content: 'x' }] }],
    [
      'messages.0.content.1.type',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'file' }] }] },
    ],
    [
      'messages.0.tool_calls.0.function.arguments',
      {
        messages: [
          {
            role: 'assistant',
            tool_calls: [{ id: '1', function: { name: 'f', arguments: '[1]' } }],
          },
        ],
      },
    ],
  ] as const)('is refused for its %s', ([param, fields]) => {
    expect(() => translate(fields)).toThrow(
      expect.objectContaining({ status: 400, body: expect.objectContaining({ param }) }),
    );
  });
});
