import { describe, expect, test } from 'vitest';
import { validateWith } from '../../openapi/zod-schemas.ts';
import { openAiShape } from './openai-shape.ts';

const parseRequest = (body: object) => openAiShape.request.parse(body);
const MESSAGES = [{ role: 'user', content: 'Hello' }];

describe('openai: request', () => {
  test('keeps what the service does not know for the provider', () => {
    const body = {
      model: 'm',
      messages: MESSAGES,
      temperature: 0.5,
      tools: [{ type: 'function' }],
    };
    expect(parseRequest(body)).toMatchObject({
      body,
      model: 'm',
      isStream: false,
      wantsUsage: false,
    });
  });

  test('counts the characters of all texts, in strings and in parts', () => {
    const messages = [
      { role: 'system', content: 'Be brief' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'image_url', image_url: {} },
        ],
      },
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'tool' },
    ];
    expect(parseRequest({ model: 'm', messages }).promptCharacters).toBe(10);
  });

  test('knows whether the client asked for the usage', () => {
    const body = { model: 'm', messages: MESSAGES, stream: true };
    expect(parseRequest(body)).toMatchObject({ isStream: true, wantsUsage: false });
    expect(parseRequest({ ...body, stream_options: { include_usage: true } }).wantsUsage).toBe(
      true,
    );
  });

  test('may leave the model to the credential', () => {
    expect(parseRequest({ messages: MESSAGES }).model).toBeUndefined();
  });

  test.for([
    ['no body', null, null],
    ['a list', [], null],
    ['an empty model', { model: '', messages: MESSAGES }, 'model'],
    ['no messages', { model: 'm', messages: [] }, 'messages'],
    ['a message without a role', { model: 'm', messages: [{ content: 'x' }] }, 'messages.0.role'],
    ['text for a boolean', { model: 'm', messages: MESSAGES, stream: 'true' }, 'stream'],
  ] as const)('with %s is refused and names the place', ([, body, param]) => {
    const validate = validateWith(400)({ schema: openAiShape.request, method: 'POST', url: '/' });
    expect(validate(body)).toMatchObject({
      error: { status: 400, body: { param, code: 'invalid_body' } },
    });
  });
});
