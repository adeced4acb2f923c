import { describe, expect, test } from 'vitest';

import type { ErrorAnswer } from '../../script.ts';
import { startSimulator } from '../../simulator.ts';

const KEY = 'AIza-errors-0123456789';

async function callWith(answer: ErrorAnswer) {
  await using simulator = await startSimulator();
  simulator.acceptKey('google', KEY);
  simulator.script(KEY, { answer });
  const path = '/v1beta/models/gemini-3.5-flash:generateContent';
  const response = await fetch(`${simulator.providerUrl('google')}${path}`, {
    method: 'POST',
    headers: { 'x-goog-api-key': KEY },
    body: '{}',
  });
  return { response, text: await response.text(), calls: simulator.ledger.calls };
}

describe('google: errors', () => {
  test.for([
    [400, 'INVALID_ARGUMENT'],
    [401, 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED'],
    [404, 'NOT_FOUND'],
    [418, 'INVALID_ARGUMENT'],
    [429, 'RESOURCE_EXHAUSTED'],
    [500, 'INTERNAL'],
    [502, 'INTERNAL'],
    [503, 'UNAVAILABLE'],
    [504, 'DEADLINE_EXCEEDED'],
  ] as const)('answers %i as %s, without details', async ([code, status]) => {
    const { response, text, calls } = await callWith({ kind: 'error', status: code });
    expect(response.status).toBe(code);
    expect(text).toMatch(/^\{\n {2}"error": \{\n {4}"code": [\s\S]*\}\n$/);
    expect(JSON.parse(text)).toEqual({
      error: { code, status, message: expect.stringMatching(/\w/) },
    });
    expect(calls).toMatchObject([
      { status: code, end: 'completed', answeredBy: 'script', usage: undefined },
    ]);
  });

  test('has its retry hint in the body alone', async () => {
    const { response, text } = await callWith({
      kind: 'error',
      status: 429,
      retryAfterSeconds: 7.5,
    });
    expect(response.headers.get('retry-after')).toBeNull();
    const { details } = JSON.parse(text).error;
    expect(details.map((detail: Record<string, string>) => detail['@type'])).toEqual([
      'type.googleapis.com/google.rpc.QuotaFailure',
      'type.googleapis.com/google.rpc.Help',
      'type.googleapis.com/google.rpc.RetryInfo',
    ]);
    expect(details.at(-1)).toMatchObject({ retryDelay: '7.5s' });
  });

  test('hints at 503 without speaking of a quota', async () => {
    const { text } = await callWith({ kind: 'error', status: 503, retryAfterSeconds: 2 });
    expect(JSON.parse(text).error.details).toMatchObject([{ retryDelay: '2s' }]);
  });
});
