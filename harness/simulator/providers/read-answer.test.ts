import { describe, expect, test } from 'vitest';

import type { Provider } from '#harness/cassettes/provider.ts';
import { readAnswer } from './read-answer.ts';
import { wireOf } from './wires.ts';

function read(
  provider: Provider,
  body: string | object,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return readAnswer(wireOf(provider), { status, headers, bytes });
}

const failure = (body: object, status: number) => ({ body, status });
const openai = (error: object, status: number) => failure({ error }, status);
const google = (error: object, status: number) => failure({ error }, status);
const anthropic = (error: object, status: number) => failure({ type: 'error', error }, status);

describe('kind of an error', () => {
  test.for([
    ['openai', openai({ message: 'm', type: 'x', code: 'invalid_api_key' }, 401), 'invalid_key'],
    ['openai', openai({ message: 'm', code: 'insufficient_quota' }, 429), 'quota_exhausted'],
    ['openai', openai({ message: 'm', code: 'rate_limit_exceeded' }, 429), 'rate_limited'],
    [
      'openai',
      openai({ message: 'Request too large for gpt', code: 'rate_limit_exceeded' }, 429),
      'too_large',
    ],
    ['openai', openai({ message: 'm', type: 'server_error' }, 200), 'server_error'],
    [
      'google',
      google({ message: 'm', details: [{ reason: 'API_KEY_INVALID' }] }, 400),
      'invalid_key',
    ],
    ['google', google({ message: 'm', status: 'INVALID_ARGUMENT' }, 400), 'bad_request'],
    ['google', google({ message: 'm', status: 'RESOURCE_EXHAUSTED' }, 429), 'rate_limited'],
    ['google', google({ message: 'm', status: 'UNAVAILABLE' }, 503), 'overloaded'],
    ['anthropic', anthropic({ type: 'authentication_error', message: 'm' }, 401), 'invalid_key'],
    ['anthropic', anthropic({ type: 'overloaded_error', message: 'm' }, 529), 'overloaded'],
    [
      'anthropic',
      anthropic({ type: 'invalid_request_error', message: 'Your credit balance is too low' }, 400),
      'quota_exhausted',
    ],
  ] as const)('of %s %j is %s', ([provider, { body, status }, kind]) => {
    expect(read(provider, body, { status }).error?.kind).toBe(kind);
  });

  test('follows from the status when a proxy answers in its own words', () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = read('openai', 'upstream connect error', { status: 503, headers });
    expect(answer.error).toMatchObject({ kind: 'overloaded', message: 'upstream connect error' });
    const page = read('anthropic', '<html>', { status: 418 });
    expect(page.error).toMatchObject({ kind: 'bad_request', codes: [] });
  });
});

describe('retry hint', () => {
  const date = 'Sun, 22 Nov 2026 07:00:00 GMT';
  test.for([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '8', 'retry-after-ms': '7512' }, 7_512],
    [{ 'retry-after': 'Sun, 22 Nov 2026 07:00:30 GMT', date }, 30_000],
    [{ 'retry-after': 'REDACTED' }, undefined],
    [{}, undefined],
  ] as const)('of the headers %j is %s ms', ([headers, retryAfterMs]) => {
    const answer = read('openai', { error: { message: 'm' } }, { status: 429, headers });
    expect(answer.error?.retryAfterMs).toBe(retryAfterMs);
  });

  test('is in the body at Google, and in a header of its own at Anthropic', () => {
    const error = { message: 'm', details: [{ retryDelay: '23s' }] };
    expect(read('google', { error }, { status: 429 }).error?.retryAfterMs).toBe(23_000);
    const headers = { 'x-should-retry': 'false' };
    expect(read('anthropic', '{}', { status: 429, headers }).error?.shouldRetry).toBe(false);
    expect(read('anthropic', '{}', { status: 429 }).error?.shouldRetry).toBeUndefined();
  });
});

describe('a stream', () => {
  const chunk = { candidates: [{ content: { parts: [{ text: 'a' }] } }], modelVersion: 'g' };
  const end = { candidates: [{ finishReason: 'STOP' }], usageMetadata: { promptTokenCount: 5 } };

  test('says the same in both of Google framings', () => {
    const events = `data: ${JSON.stringify(chunk)}\r\n\r\ndata: ${JSON.stringify(end)}\r\n\r\n`;
    const array = `[${JSON.stringify(chunk)}\n,\r\n${JSON.stringify(end)}\n]`;
    const { form: eventForm, ...first } = read('google', events);
    const { form: arrayForm, ...second } = read('google', array);
    expect([eventForm, arrayForm]).toEqual(['events', 'array']);
    expect(second).toEqual(first);
    expect(first).toMatchObject({
      model: 'g',
      finishReason: 'STOP',
      contentEvents: 1,
      isComplete: true,
      leftOverBytes: 0,
      usage: { input: 5 },
    });
  });

  test('is complete also when its usage comes after its finish reason', () => {
    const [finish, usage] = [{ candidates: end.candidates }, { usageMetadata: end.usageMetadata }];
    const events = [chunk, finish, usage].map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`);
    expect(read('google', events.join(''))).toMatchObject({
      isComplete: true,
      finishReason: 'STOP',
      usage: { input: 5 },
    });
  });

  test('that breaks off is not complete, and its left-over bytes are counted', () => {
    const events = `data: ${JSON.stringify(chunk)}\r\n\r\ndata: {"cand`;
    expect(read('google', events)).toMatchObject({ isComplete: false, leftOverBytes: 12 });
  });

  test('may hold an error after its status was 200', () => {
    const event = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const answer = read('anthropic', `event: error\ndata: ${JSON.stringify(event)}\n\n`);
    expect(answer).toMatchObject({ isComplete: true, error: { kind: 'overloaded' } });
  });
});

test('unknown fields are listed by their place, each once', () => {
  const answer = read('openai', {
    choices: [{ sentiment: 1, message: { mood: 1 } }, { sentiment: 2 }],
    region: 'eu',
  });
  expect(answer.unknownFields).toEqual(['choices[].message.mood', 'choices[].sentiment', 'region']);
});
