import OpenAI from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { ErrorAnswer } from '../../script.ts';
import { startSimulator } from '../../simulator.ts';

const KEY = 'sk-errors-0123456789';
const request = {
  model: 'gpt-5.4-nano',
  messages: [{ role: 'user' as const, content: 'Hello.' }],
};

async function start() {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.stop());
  simulator.acceptKey('openai', KEY);
  return simulator;
}

async function callWith(answer: ErrorAnswer, key = KEY) {
  const simulator = await start();
  simulator.script(key, { answer });
  const response = await fetch(`${simulator.providerUrl('openai')}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(request),
  });
  return { response, text: await response.text(), calls: simulator.ledger.calls };
}

describe('openai: errors', () => {
  test.for([
    [400, { type: 'invalid_request_error', code: null }],
    [401, { type: 'invalid_request_error', code: 'invalid_api_key' }],
    [404, { type: 'invalid_request_error', code: 'model_not_found' }],
    [418, { type: 'invalid_request_error', code: null }],
    [429, { type: 'tokens', code: 'rate_limit_exceeded' }],
    [500, { type: 'server_error', code: null }],
    [502, { type: 'server_error', code: null }],
  ] as const)('answers %i in the envelope of the real API', async ([status, error]) => {
    const { response, text, calls } = await callWith({ kind: 'error', status });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect(JSON.parse(text)).toEqual({
      error: { message: expect.any(String), param: null, ...error },
    });
    expect(text).toMatch(/^\{\n {4}"error": \{\n {8}"message": /);
    expect(calls).toMatchObject([
      { status, end: 'completed', answeredBy: 'script', usage: undefined, modelServed: undefined },
    ]);
  });

  test('answers 503 as the proxy before the API does: plain text without a request id', async () => {
    const { response, text } = await callWith({ kind: 'error', status: 503 });
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(response.headers.get('x-request-id')).toBeNull();
    expect(text).toMatch(/^upstream connect error/);
  });

  test('sends the retry hint only when the script has one', async () => {
    const hinted = await callWith({ kind: 'error', status: 429, retryAfterSeconds: 7 });
    const silent = await callWith({ kind: 'error', status: 429 });
    expect(hinted.response.headers.get('retry-after')).toBe('7');
    expect(silent.response.headers.get('retry-after')).toBeNull();
  });

  test('shows the SDK a wrong key as an authentication error that masks the key', async () => {
    const simulator = await start();
    const apiKey = 'sk-wrong-0123456789abcdef';
    const client = new OpenAI({ apiKey, baseURL: simulator.providerUrl('openai') });
    const failure = await client.chat.completions.create(request).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(failure).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect(String(failure)).toContain('sk-wrong*************cdef.');
    expect(simulator.ledger.calls).toMatchObject([{ status: 401, answeredBy: 'rules' }]);
    expect(simulator.findings).toEqual([]);
  });

  test('asks for a key when none is sent', async () => {
    const simulator = await start();
    const response = await fetch(`${simulator.providerUrl('openai')}/models`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining("didn't provide an API key"), code: null },
    });
    expect(simulator.ledger.calls).toMatchObject([{ keyFingerprint: undefined }]);
  });
});
