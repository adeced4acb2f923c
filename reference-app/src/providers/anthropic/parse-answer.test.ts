import { APIError } from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { ProviderAnswerError, ProviderCutError } from '../provider-error.ts';
import { parseAnswer, parseModelList } from './parse-answer.ts';
import { readError } from './parse-error.ts';

const MESSAGE = {
  type: 'message',
  model: 'claude-opus-5',
  content: [
    { type: 'thinking', thinking: 'Hmm', signature: 'long' },
    { type: 'text', text: 'Hello' },
    { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
    { type: 'redacted_thinking', data: 'x' },
  ],
  usage: { input_tokens: 3, output_tokens: 2 },
};

describe('anthropic: plain answer', () => {
  test('is passed on as it came, with what metering needs', () => {
    const text = JSON.stringify(MESSAGE);
    expect(parseAnswer(200, text, 'key')).toEqual({
      status: 200,
      body: MESSAGE,
      text,
      modelServed: 'claude-opus-5',
      usage: { input: 3, cached_input: 0, cache_write: 0, output: 2, reasoning: 0 },
      contentCharacters: 'Hmm'.length + 'Hello'.length + '{"a":1}'.length,
    });
  });

  test('that is an error inside a 200 is none', () => {
    const text = '{"type":"error","error":{"type":"api_error","message":"Sorry, sk-ant-key"}}';
    expect(() => parseAnswer(200, text, 'sk-ant-key')).toThrow(ProviderAnswerError);
    expect(() => parseAnswer(200, text, 'sk-ant-key')).toThrow('Sorry, [redacted]');
  });

  test.for(['', '<html>', '[]', '{"type":"mess'])('made of %j is cut', (text) => {
    expect(() => parseAnswer(200, text, 'key')).toThrow(ProviderCutError);
  });

  test('to a listing of models is a list', () => {
    expect(() => parseModelList(200, '{"data":[]}')).not.toThrow();
    expect(() => parseModelList(200, '{}')).toThrow(ProviderCutError);
  });
});

function answered(status: number, body: unknown, headers: Record<string, string> = {}) {
  const error = APIError.generate(status, body as object, undefined, new Headers(headers));
  return readError(error, 'sk-ant-key');
}

describe('anthropic: error answer', () => {
  test('keeps status, type and message, and leaves the request id out', () => {
    const error = { type: 'authentication_error', message: 'invalid x-api-key sk-ant-key' };
    expect(answered(401, { type: 'error', error, request_id: 'req_1' })).toMatchObject({
      status: 401,
      body: { type: 'authentication_error', message: 'invalid x-api-key [redacted]' },
    });
  });

  test('may lack the outer type, as a 413 of the edge does', () => {
    const error = { type: 'request_too_large', message: 'Request exceeds the maximum size' };
    expect(answered(413, { error })).toMatchObject({ status: 413, body: error });
  });

  test('may have no envelope at all', () => {
    expect(answered(503, undefined)).toMatchObject({
      status: 503,
      body: { type: 'provider_error', message: expect.stringContaining('503') },
    });
  });

  test.for([
    [
      { 'retry-after': '41', 'x-should-retry': 'true' },
      { afterMs: 41_000, isUseful: true },
    ],
    [{ 'x-should-retry': 'false' }, { afterMs: undefined, isUseful: false }],
    [{}, { afterMs: undefined, isUseful: undefined }],
  ] as const)('with %j hints at retrying %j', ([headers, retry]) => {
    expect(answered(529, { error: { message: 'Overloaded' } }, headers)?.retry).toEqual(retry);
  });

  test('is none of the provider when there was no answer', () => {
    expect(readError(new TypeError('fetch failed'), 'key')).toBeUndefined();
  });
});
