import { describe, expect, test } from 'vitest';

import { startSimulator } from '../../simulator.ts';
import { bearerKey } from '../bearer-key.ts';

const KEY = 'sk-requests-0123456789';
const messages = [{ role: 'user', content: 'Hello.' }];

async function send(body: string) {
  await using simulator = await startSimulator({ generate: true });
  simulator.acceptKey('openai', KEY);
  const response = await fetch(`${simulator.providerUrl('openai')}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body,
  });
  return { status: response.status, body: await response.json(), calls: simulator.ledger.calls };
}

describe('openai: requests', () => {
  test.for([
    ['no JSON', '{"model":', 400, { param: null, code: null }],
    ['no body', '', 400, { param: null, code: null }],
    ['no model', { messages }, 400, { message: 'you must provide a model parameter', code: null }],
    ['no messages', { model: 'gpt-5.4-nano' }, 400, { code: 'missing_required_parameter' }],
    ['text as messages', { model: 'gpt-5.4-nano', messages: 'x' }, 400, { code: 'invalid_type' }],
    ['empty messages', { model: 'gpt-5.4-nano', messages: [] }, 400, { code: 'empty_array' }],
    [
      'an unknown model',
      { model: 'gpt-0', messages },
      404,
      { code: 'model_not_found', param: null },
    ],
  ] as const)('refuses %s as the real API does', async ([, body, status, error]) => {
    const answered = await send(typeof body === 'string' ? body : JSON.stringify(body));
    expect(answered).toMatchObject({
      status,
      body: { error: { type: 'invalid_request_error', ...error } },
      calls: [{ status, answeredBy: 'rules', end: 'completed' }],
    });
  });

  test('serves a request whose optional parts have odd types', async () => {
    const odd = { model: 'gpt-5.4-nano', messages, stream: 'no', stream_options: 1, n: 'x' };
    expect(await send(JSON.stringify(odd))).toMatchObject({ status: 200 });
  });

  test.for([
    ['Bearer sk-1', 'sk-1'],
    ['bearer   sk-1', 'sk-1'],
    ['Basic sk-1', undefined],
    [undefined, undefined],
  ] as const)('reads the key of authorization "%s"', ([authorization, key]) => {
    expect(bearerKey(authorization === undefined ? {} : { authorization })).toBe(key);
  });
});
