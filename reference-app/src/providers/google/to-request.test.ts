import { describe, expect, test } from 'vitest';
import { ApiError } from '../../errors/api-error.ts';
import type { JsonObject } from '../../shapes/json-object.ts';
import { toGenerateContent } from './to-request.ts';

const HELLO = { role: 'user', content: 'Hello.' };
/** As it goes onto the wire, without what is undefined. */
const sent = (body: object): JsonObject =>
  JSON.parse(JSON.stringify(toGenerateContent({ messages: [HELLO], ...body })));
const configOf = (body: object): unknown => sent(body)['generationConfig'] ?? {};

describe('google: conversation', () => {
  test('has system texts apart and two roles', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      HELLO,
      { role: 'assistant', content: 'Hi.' },
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
      { role: 'user', content: 'Who are you?' },
    ];
    expect(sent({ messages })).toEqual({
      systemInstruction: { parts: [{ text: 'Be brief.' }, { text: 'Be kind.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Hello.' }] },
        { role: 'model', parts: [{ text: 'Hi.' }] },
        { role: 'user', parts: [{ text: 'Who are you?' }] },
      ],
    });
  });

  test('carries images and audio inside', () => {
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,cGlj', detail: 'low' } },
      { type: 'input_audio', input_audio: { data: 'YXVk', format: 'wav' } },
    ];
    expect(sent({ messages: [{ role: 'user', content }] })['contents']).toEqual([
      {
        role: 'user',
        parts: [
          { text: 'What is this?' },
          { inlineData: { mimeType: 'image/png', data: 'cGlj' } },
          { inlineData: { mimeType: 'audio/wav', data: 'YXVk' } },
        ],
      },
    ]);
  });

  test('gives the results of tools by name, those of one answer together', () => {
    const call = (id: string, name: string, more: object = {}) => ({
      id,
      type: 'function',
      function: { name, arguments: '{"city":"Paris"}' },
      ...more,
    });
    const signed = { extra_content: { google: { thought_signature: 'c2ln' } } };
    const calls = [call('1', 'weather', signed), call('2', 'time')];
    const messages = [
      HELLO,
      { role: 'assistant', content: null, tool_calls: calls },
      { role: 'tool', tool_call_id: '1', content: '{"celsius":20}' },
      { role: 'tool', tool_call_id: '2', content: [{ type: 'text', text: 'noon' }] },
    ];
    const args = { city: 'Paris' };
    expect(sent({ messages })['contents']).toEqual([
      { role: 'user', parts: [{ text: 'Hello.' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { id: '1', name: 'weather', args }, thoughtSignature: 'c2ln' },
          { functionCall: { id: '2', name: 'time', args } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: '1', name: 'weather', response: { celsius: 20 } } },
          { functionResponse: { id: '2', name: 'time', response: { result: 'noon' } } },
        ],
      },
    ]);
  });
});

describe('google: parameters', () => {
  test.for([
    [
      { temperature: 0, top_p: 0.5, seed: 7 },
      { temperature: 0, topP: 0.5, seed: 7 },
    ],
    [{ max_tokens: 5 }, { maxOutputTokens: 5 }],
    [{ max_tokens: 5, max_completion_tokens: 9 }, { maxOutputTokens: 9 }],
    [
      { n: 2, stop: 'END' },
      { candidateCount: 2, stopSequences: ['END'] },
    ],
    [{ stop: ['a', 'b'] }, { stopSequences: ['a', 'b'] }],
    [
      { presence_penalty: 1, frequency_penalty: -1 },
      { presencePenalty: 1, frequencyPenalty: -1 },
    ],
    [
      { reasoning_effort: 'none' },
      { thinkingConfig: { thinkingBudget: 0, includeThoughts: false } },
    ],
    [
      { reasoning_effort: 'high' },
      { thinkingConfig: { thinkingBudget: 24_576, includeThoughts: true } },
    ],
    [{ response_format: { type: 'text' } }, {}],
    [{ response_format: { type: 'json_object' } }, { responseMimeType: 'application/json' }],
    [
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'n', schema: { type: 'object' } },
        },
      },
      { responseMimeType: 'application/json', responseJsonSchema: { type: 'object' } },
    ],
    [{ logprobs: false, logit_bias: {}, functions: [], audio: null }, {}],
    [{ temperature: null, user: 'u', service_tier: 'auto', store: true }, {}],
  ] as const)('%j become %j', ([body, config]) => {
    expect(configOf(body)).toEqual(config);
  });

  test('declare functions with their JSON schema', () => {
    const parameters = { type: 'object', properties: {} };
    const tools = [{ type: 'function', function: { name: 'f', description: 'F.', parameters } }];
    expect(sent({ tools })['tools']).toEqual([
      {
        functionDeclarations: [{ name: 'f', description: 'F.', parametersJsonSchema: parameters }],
      },
    ]);
  });

  test.for([
    ['auto', { mode: 'AUTO' }],
    ['none', { mode: 'NONE' }],
    ['required', { mode: 'ANY' }],
    [
      { type: 'function', function: { name: 'f' } },
      { mode: 'ANY', allowedFunctionNames: ['f'] },
    ],
  ] as const)('choose tools: %j', ([tool_choice, functionCallingConfig]) => {
    expect(sent({ tool_choice })['toolConfig']).toEqual({ functionCallingConfig });
  });
});

describe('google: a request that Gemini has no words for', () => {
  const image = { type: 'image_url', image_url: { url: 'https://pictures.example/cat.png' } };
  const badCall = { id: '1', function: { name: 'f', arguments: '{' } };

  test.for([
    ['messages.0.content.0.image_url.url', { messages: [{ role: 'user', content: [image] }] }],
    ['messages.0.content', { messages: [{ role: 'user', content: [{ type: 'file' }] }] }],
    [
      'messages.0.tool_calls.0.function.arguments',
      { messages: [{ role: 'assistant', tool_calls: [badCall] }] },
    ],
    ['messages.0.role', { messages: [{ role: 'narrator', content: 'x' }] }],
    ['tools.0.type', { tools: [{ type: 'web_search' }] }],
    ['tool_choice', { tool_choice: 'sometimes' }],
    ['response_format.type', { response_format: { type: 'xml' } }],
    ['logit_bias', { logit_bias: { 50256: -100 } }],
    ['logprobs', { logprobs: true }],
    ['functions', { functions: [{ name: 'f' }] }],
    ['reasoning_effort', { reasoning_effort: 'extreme' }],
  ] as const)('is refused with the place %s', ([param, body]) => {
    expect(() => sent(body)).toThrow(
      expect.objectContaining({ status: 400, body: expect.objectContaining({ param }) }),
    );
    expect(() => sent(body)).toThrow(ApiError);
  });
});
