import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../shapes/json-object.ts';
import { parseAnswer } from './parse-answer.ts';

const parse = (body: JsonObject) =>
  parseAnswer({ status: 200, body, apiKey: 'key', modelRequested: 'gemini-2.5-flash' });
const answer = (parts: readonly object[], finishReason = 'STOP') => ({
  candidates: [{ content: { role: 'model', parts }, finishReason }],
});
const CALL = { functionCall: { name: 'weather', args: { city: 'Paris' } } };

describe('google: answer', () => {
  test.for([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content_filter'],
    ['RECITATION', 'content_filter'],
    ['PROHIBITED_CONTENT', 'content_filter'],
    ['MALFORMED_FUNCTION_CALL', 'stop'],
  ] as const)('finishes %s as %s', ([reason, expected]) => {
    expect(parse(answer([{ text: 'Hi.' }], reason)).body['choices']).toMatchObject([
      { finish_reason: expected, message: { role: 'assistant', content: 'Hi.' } },
    ]);
  });

  test('gives tool calls, each with an id and its arguments as text', () => {
    const named = { functionCall: { ...CALL.functionCall, id: 'f1' }, thoughtSignature: 'c2ln' };
    const { body, contentCharacters } = parse(answer([CALL, named]));
    const called = { name: 'weather', arguments: '{"city":"Paris"}' };
    expect(body['choices']).toEqual([
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: [
            { id: expect.stringMatching(/^call_/), type: 'function', function: called },
            {
              id: 'f1',
              type: 'function',
              function: called,
              extra_content: { google: { thought_signature: 'c2ln' } },
            },
          ],
        },
        logprobs: null,
        finish_reason: 'tool_calls',
      },
    ]);
    expect(contentCharacters).toBe(2 * called.arguments.length);
  });

  test('keeps thoughts apart from the text', () => {
    const parts = [{ text: 'Hm. ', thought: true }, { text: 'Well: ' }, { text: 'yes.' }];
    expect(parse(answer(parts)).body['choices']).toMatchObject([
      { message: { content: 'Well: yes.', reasoning_content: 'Hm. ' } },
    ]);
  });

  test('gives every candidate', () => {
    const [candidate] = answer([{ text: 'Hi.' }]).candidates;
    const candidates = [0, 1].map((index) => ({ ...candidate, index }));
    expect(parse({ candidates }).body['choices']).toMatchObject([{ index: 0 }, { index: 1 }]);
  });

  test('says that a prompt was filtered which has no candidates', () => {
    const body = {
      promptFeedback: { blockReason: 'SAFETY' },
      usageMetadata: { promptTokenCount: 4 },
    };
    expect(parse(body)).toMatchObject({
      body: { choices: [{ message: { content: '' }, finish_reason: 'content_filter' }] },
      usage: { input: 4, output: 0 },
    });
  });

  test('names the model that served, or else that which was asked', () => {
    expect(parse(answer([]))).toMatchObject({
      modelServed: undefined,
      body: { model: 'gemini-2.5-flash' },
    });
    expect(parse({ ...answer([]), modelVersion: 'gemini-2.5-flash-001' })).toMatchObject({
      modelServed: 'gemini-2.5-flash-001',
      body: { model: 'gemini-2.5-flash-001' },
    });
  });

  test('says the usage as OpenAI means it, the special classes inside their totals', () => {
    const usageMetadata = {
      promptTokenCount: 10,
      cachedContentTokenCount: 4,
      toolUsePromptTokenCount: 3,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 2,
    };
    expect(parse({ ...answer([]), usageMetadata }).body['usage']).toEqual({
      prompt_tokens: 13,
      completion_tokens: 7,
      total_tokens: 20,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 2 },
    });
    expect(parse(answer([])).body).not.toHaveProperty('usage');
  });

  test.for([
    ['no candidates', {}],
    ['a candidate without content', { candidates: [{ finishReason: 'STOP' }] }],
    ['content without parts', { candidates: [{ content: { role: 'model' } }] }],
    ['candidates that are no list', { candidates: 'none' }],
  ] as const)('survives %s', ([, body]) => {
    expect(parse(body).body['object']).toBe('chat.completion');
  });
});
