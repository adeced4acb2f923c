import { describe, expect, test } from 'vitest';

import { startSimulator } from '../../simulator.ts';
import { readKey } from './requests.ts';

const KEY = 'sk-ant-requests-0123456789';
const messages = [{ role: 'user', content: 'Hello.' }];
const model = 'claude-haiku-4-5';

async function send(
  body: string,
  { version = '2023-06-01', key = KEY }: { version?: string; key?: string } = {},
) {
  await using simulator = await startSimulator({ generate: true });
  simulator.acceptKey('anthropic', KEY);
  const response = await fetch(`${simulator.providerUrl('anthropic')}/v1/messages`, {
    method: 'POST',
    headers: {
      ...(key === '' ? {} : { 'x-api-key': key }),
      ...(version === '' ? {} : { 'anthropic-version': version }),
    },
    body,
  });
  const { headers, status } = response;
  return { status, headers, body: await response.json(), calls: simulator.ledger.calls };
}

describe('anthropic: requests', () => {
  test.for([
    ['no JSON', '{"model":', 'The request body is not valid JSON'],
    ['no model', { max_tokens: 9, messages }, 'model: Field required'],
    ['no max_tokens', { model, messages }, 'max_tokens: Field required'],
    ['max_tokens of 0', { model, messages, max_tokens: 0 }, 'max_tokens: must be greater than'],
    ['no messages', { model, max_tokens: 9 }, 'messages: Field required'],
    ['text as messages', { model, max_tokens: 9, messages: 'x' }, 'messages: Input should be'],
    ['empty messages', { model, max_tokens: 9, messages: [] }, 'messages: at least one message'],
  ] as const)('refuses %s as the real API does', async ([, body, message]) => {
    const answered = await send(typeof body === 'string' ? body : JSON.stringify(body));
    expect(answered).toMatchObject({
      status: 400,
      body: {
        type: 'error',
        error: { type: 'invalid_request_error', message: expect.stringContaining(message) },
        request_id: expect.stringMatching(/^req_/),
      },
      calls: [{ status: 400, answeredBy: 'rules', end: 'completed', operation: 'messages' }],
    });
    expect(answered.headers.get('x-should-retry')).toBe('false');
  });

  test('asks for its version header', async () => {
    const body = JSON.stringify({ model, max_tokens: 9, messages });
    expect(await send(body, { version: '' })).toMatchObject({
      status: 400,
      body: { error: { message: 'anthropic-version: header is required' } },
    });
  });

  test('does not know every model', async () => {
    const body = JSON.stringify({ model: 'claude-0', max_tokens: 9, messages });
    expect(await send(body)).toMatchObject({
      status: 404,
      body: { error: { type: 'not_found_error', message: 'model: claude-0' } },
    });
  });

  test.for([
    ['a wrong key', 'sk-ant-wrong', 'invalid x-api-key'],
    ['no key', '', 'x-api-key header is required'],
  ] as const)('answers %s with 401', async ([, key, message]) => {
    const answered = await send('{}', { key });
    expect(answered).toMatchObject({
      status: 401,
      body: { type: 'error', error: { type: 'authentication_error', message } },
      calls: [{ answeredBy: 'rules' }],
    });
    expect(answered.headers.get('x-should-retry')).toBe('false');
  });

  test('reads the key of its own header, or the token that the SDK makes of it', () => {
    expect(readKey({ 'x-api-key': 'sk-ant-1' })).toBe('sk-ant-1');
    expect(readKey({ 'x-api-key': '' })).toBeUndefined();
    expect(readKey({ authorization: 'Bearer sk-ant-1' })).toBe('sk-ant-1');
  });
});
