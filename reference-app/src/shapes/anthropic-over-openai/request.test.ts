import { describe, expect, test } from 'vitest';
import { translateRequest } from './request.ts';

const HELLO = { role: 'user', content: 'Hello' };
const translate = (body: object) =>
  translateRequest({ model: 'm', max_tokens: 9, messages: [HELLO], ...body });
const PLAIN = { model: 'm', max_completion_tokens: 9, messages: [HELLO] };

describe('anthropic over openai: request', () => {
  test.for([
    [{}, {}],
    [{ stop_sequences: ['END'] }, { stop: ['END'] }],
    [
      { temperature: 0.5, top_p: 0.9, stream: true },
      { temperature: 0.5, top_p: 0.9, stream: true },
    ],
    [{ metadata: { user_id: 'u1' } }, { user: 'u1' }],
    [{ metadata: {}, stop_sequences: null, system: null }, {}],
    [{ thinking: { type: 'adaptive' }, service_tier: 'auto', cache_control: {} }, {}],
    [{ output_config: { effort: 'high' } }, { reasoning_effort: 'high' }],
    [
      { output_config: { format: { type: 'json_schema', schema: { a: 1 } } } },
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'answer', schema: { a: 1 }, strict: true },
        },
      },
    ],
    [{ seed: 7 }, { seed: 7 }],
    [{ tool_choice: { type: 'auto' } }, { tool_choice: 'auto' }],
    [{ tool_choice: { type: 'none' } }, { tool_choice: 'none' }],
    [
      { tool_choice: { type: 'any', disable_parallel_tool_use: true } },
      { tool_choice: 'required', parallel_tool_calls: false },
    ],
    [
      { tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: false } },
      { tool_choice: { type: 'function', function: { name: 'f' } } },
    ],
  ] as const)('with %j says %j', ([fields, expected]) => {
    expect(translate(fields)).toEqual({ ...PLAIN, ...expected });
  });

  test('describes tools', () => {
    const input_schema = { type: 'object', properties: {} };
    const tools = [
      { name: 'f', description: 'Does it.', input_schema, cache_control: { type: 'ephemeral' } },
      { type: 'custom', name: 'g', input_schema, strict: true },
    ];
    expect(translate({ tools })['tools']).toEqual([
      {
        type: 'function',
        function: { name: 'f', description: 'Does it.', parameters: input_schema },
      },
      { type: 'function', function: { name: 'g', parameters: input_schema, strict: true } },
    ]);
  });

  test.for([
    ['Be brief.', 'Be brief.'],
    [[{ type: 'text', text: 'Be brief.', cache_control: {} }], 'Be brief.'],
    [
      [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'Be kind.' },
      ],
      [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'Be kind.' },
      ],
    ],
  ] as const)('puts the system %j first', ([system, content]) => {
    expect(translate({ system })['messages']).toEqual([{ role: 'system', content }, HELLO]);
  });

  test('keeps several turns, and gives each result of a tool a message of its own', () => {
    const messages = [
      HELLO,
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm', signature: 'x' },
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: '1', name: 'f', input: { a: 1 } },
          { type: 'tool_use', id: '2', name: 'g', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: '1', content: 'one' },
          { type: 'tool_result', tool_use_id: '2', is_error: true },
          { type: 'text', text: 'And?' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool_use', id: '3', name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: '3', content: 'three' }] },
    ];
    const call = (id: string, name: string, args: string) => ({
      id,
      type: 'function',
      function: { name, arguments: args },
    });
    expect(translate({ messages })['messages']).toEqual([
      HELLO,
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [call('1', 'f', '{"a":1}'), call('2', 'g', '{}')],
      },
      { role: 'tool', tool_call_id: '1', content: 'one' },
      { role: 'tool', tool_call_id: '2', content: '' },
      { role: 'user', content: 'And?' },
      { role: 'assistant', content: null, tool_calls: [call('3', 'f', '{}')] },
      { role: 'tool', tool_call_id: '3', content: 'three' },
    ]);
  });

  test('shows images', () => {
    const content = [
      { type: 'text', text: 'Look:' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
    ];
    expect(translate({ messages: [{ role: 'user', content }] })['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        ],
      },
    ]);
  });

  const fromUser = (block: object) => ({ messages: [{ role: 'user', content: [block] }] });
  test.for([
    ['top_k', { top_k: 5 }],
    ['container', { container: 'c' }],
    ['tools.0.type', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['output_config.effort', { output_config: { effort: 'max' } }],
    ['messages.0.content.0.type', fromUser({ type: 'document', source: {} })],
    [
      'messages.0.content.0.source.type',
      fromUser({ type: 'image', source: { type: 'file', file_id: 'f' } }),
    ],
    [
      'messages.0.content.0.content.0.type',
      fromUser({ type: 'tool_result', tool_use_id: '1', content: [{ type: 'image' }] }),
    ],
  ] as const)('is refused for its %s', ([param, fields]) => {
    expect(() => translate(fields)).toThrow(
      expect.objectContaining({ status: 400, body: expect.objectContaining({ param }) }),
    );
  });
});
