import { describe, expect, test } from 'vitest';
import { ApiError } from '../../errors/api-error.ts';
import { parseBody } from '../../openapi/zod-schemas.ts';
import { anthropicShape } from './anthropic-shape.ts';

const MESSAGES = [{ role: 'user', content: 'Hello' }];
const BODY = { model: 'm', max_tokens: 10, messages: MESSAGES };

describe('anthropic: request', () => {
  test('keeps what the service does not know for the provider', () => {
    const body = { ...BODY, temperature: 0.5, tools: [{ name: 'f' }], thinking: {} };
    expect(anthropicShape.request.parse(body)).toMatchObject({
      body,
      model: 'm',
      isStream: false,
      wantsUsage: true,
    });
  });

  test('counts the characters of all texts, those of the system and of tools too', () => {
    const image = { type: 'image', source: { type: 'base64', data: 'not counted' } };
    const messages = [
      { role: 'user', content: [{ type: 'text', text: 'Hi' }, image] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 't', content: 'four' },
          { type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'fi' }, image] },
          { type: 'tool_result', tool_use_id: 't' },
        ],
      },
    ];
    const system = [{ type: 'text', text: 'Be brief' }];
    const count = (body: object): number =>
      anthropicShape.request.parse({ ...BODY, ...body }).promptCharacters;
    expect(count({ messages, system })).toBe(16);
    expect(count({ system: 'Be brief' })).toBe(13);
  });

  test('may leave the model to the credential', () => {
    const { model: _none, ...body } = BODY;
    expect(anthropicShape.request.parse(body).model).toBeUndefined();
  });

  test.for([
    ['no body', undefined, null],
    ['an empty model', { ...BODY, model: '' }, 'model'],
    ['no limit', { model: 'm', messages: MESSAGES }, 'max_tokens'],
    ['no messages', { ...BODY, messages: [] }, 'messages'],
    ['a message without a role', { ...BODY, messages: [{ content: 'x' }] }, 'messages.0.role'],
    ['a message without content', { ...BODY, messages: [{ role: 'user' }] }, 'messages.0.content'],
    ['text for a boolean', { ...BODY, stream: 'true' }, 'stream'],
  ] as const)('with %s is refused and names the place', ([, body, param]) => {
    expect(() => parseBody(anthropicShape.request, body)).toThrow(
      expect.objectContaining({ status: 400, body: expect.objectContaining({ param }) }),
    );
  });
});

describe('anthropic: error', () => {
  test.for([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [413, 'request_too_large'],
    [422, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [502, 'api_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ] as const)('with status %i is a %s, whoever answered it', ([status, type]) => {
    const error = new ApiError({ status, message: 'No.', type: 'server_error', code: 'x' });
    expect(anthropicShape.toErrorAnswer(error, 'req_1')).toEqual({
      type: 'error',
      error: { type, message: 'No.' },
      request_id: 'req_1',
    });
  });

  test.for([
    ['overloaded_error', 'overloaded_error'],
    ['server_error', 'api_error'],
  ] as const)('%s ends a stream as %s', ([type, expected]) => {
    expect(anthropicShape.toErrorEvent({ type, message: 'No.' })).toBe(
      `event: error\ndata: {"type":"error","error":{"type":"${expected}","message":"No."}}\n\n`,
    );
  });
});

describe('anthropic: stream to the client', () => {
  const chunk = (type: string) => ({ data: { type }, text: `{"type":"${type}" }` });
  const eventOf = (type: string): string => `event: ${type}\ndata: {"type":"${type}" }\n\n`;
  const STOP = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';

  test('passes events on as they came, each under its name', () => {
    const writer = anthropicShape.createWriter({ wantsUsage: true });
    expect(writer.write(chunk('message_start'))).toBe(eventOf('message_start'));
    expect(writer.write(chunk('ping'))).toBe(eventOf('ping'));
    expect(writer.ending).toBe(STOP);
  });

  test('holds the usage back until the end, and what comes after it', () => {
    const writer = anthropicShape.createWriter({ wantsUsage: true });
    expect(writer.write(chunk('message_delta')) + writer.write(chunk('ping'))).toBe('');
    expect(writer.ending).toBe(eventOf('message_delta') + eventOf('ping') + STOP);
  });
});
