import { describe, expect, test } from 'vitest';

import type { ErrorAnswer } from '../../script.ts';
import { startSimulator } from '../../simulator.ts';

const KEY = 'sk-ant-errors-0123456789';

async function callWith(answer: ErrorAnswer) {
  await using simulator = await startSimulator();
  simulator.acceptKey('anthropic', KEY);
  simulator.script(KEY, { answer });
  const response = await fetch(`${simulator.providerUrl('anthropic')}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model: 'claude-opus-5' }),
  });
  const { headers, status } = response;
  return { status, headers, body: await response.json(), calls: simulator.ledger.calls };
}

describe('anthropic: errors', () => {
  test.for([
    [400, 'invalid_request_error', 'false'],
    [401, 'authentication_error', 'false'],
    [402, 'billing_error', 'false'],
    [403, 'permission_error', 'false'],
    [404, 'not_found_error', 'false'],
    [418, 'invalid_request_error', 'false'],
    [429, 'rate_limit_error', 'false'],
    [500, 'api_error', 'true'],
    [503, 'api_error', 'true'],
    [504, 'timeout_error', 'true'],
    [529, 'overloaded_error', 'true'],
  ] as const)('answers %i as %s', async ([status, type, shouldRetry]) => {
    const answered = await callWith({ kind: 'error', status });
    expect(answered.status).toBe(status);
    expect(answered.headers.get('content-type')).toBe('application/json');
    expect(answered.headers.get('x-should-retry')).toBe(shouldRetry);
    expect(answered.headers.get('retry-after')).toBeNull();
    expect(answered.body).toEqual({
      type: 'error',
      error: { type, message: expect.stringMatching(/\w/) },
      request_id: answered.headers.get('request-id'),
    });
    expect(answered.calls).toMatchObject([
      { status, end: 'completed', answeredBy: 'script', usage: undefined, modelServed: undefined },
    ]);
  });

  test.for([429, 529])('says with %i when to come back, when the script does', async (status) => {
    const { headers } = await callWith({ kind: 'error', status, retryAfterSeconds: 7 });
    expect(headers.get('retry-after')).toBe('7');
    expect(headers.get('x-should-retry')).toBe('true');
  });

  test('answers 413 at the edge: without the outer type and without a request id', async () => {
    const { body, headers } = await callWith({ kind: 'error', status: 413 });
    expect(body).toEqual({ error: { type: 'request_too_large', message: expect.any(String) } });
    expect(headers.get('request-id')).toBeNull();
  });
});
