import { describe, expect, test } from 'vitest';

import type { Provider } from '#harness/cassettes/provider.ts';
import type { ErrorAnswer } from '../script.ts';
import { startSimulator } from '../simulator.ts';
import { callInForm, STREAM_FORMS, type WireForm } from '../testing/wire-forms.ts';
import type { ErrorKind } from './error-kind.ts';
import { type ReadError, readAnswer } from './read-answer.ts';
import { wireOf } from './wires.ts';

const KEY = 'key-scripted-errors-0123456789';

/** Statuses that say more than one thing, and what each says without being asked for more. */
const SAID: Readonly<Record<Provider, readonly (readonly [number, ErrorKind, ErrorKind?])[]>> = {
  openai: [
    [400, 'bad_request'],
    [400, 'too_large', 'too_large'],
    [401, 'invalid_key'],
    [403, 'no_permission'],
    [404, 'not_found'],
    [429, 'rate_limited'],
    [429, 'too_large', 'too_large'],
    [429, 'quota_exhausted', 'quota_exhausted'],
    [500, 'server_error'],
    [503, 'overloaded'],
  ],
  google: [
    [400, 'bad_request'],
    [400, 'invalid_key', 'invalid_key'],
    [400, 'too_large', 'too_large'],
    [401, 'invalid_key'],
    [403, 'no_permission'],
    [404, 'not_found'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [503, 'overloaded'],
    [504, 'server_error'],
  ],
  anthropic: [
    [400, 'bad_request'],
    [400, 'too_large', 'too_large'],
    [400, 'quota_exhausted', 'quota_exhausted'],
    [401, 'invalid_key'],
    [402, 'quota_exhausted'],
    [403, 'no_permission'],
    [404, 'not_found'],
    [413, 'too_large'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [529, 'overloaded'],
  ],
  azure: [
    [400, 'bad_request'],
    [400, 'too_large', 'too_large'],
    [401, 'invalid_key'],
    [403, 'no_permission'],
    [404, 'not_found'],
    [413, 'too_large'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [503, 'overloaded'],
  ],
};

async function readScripted(form: WireForm, error: Omit<ErrorAnswer, 'kind'>) {
  await using simulator = await startSimulator();
  simulator.script(KEY, { answer: { kind: 'error', ...error } });
  using call = callInForm(simulator, form, KEY);
  await call.until('\r\n\r\n');
  await simulator.untilQuiet();
  const headers = Object.fromEntries(
    [...call.head.matchAll(/^([\w-]+): (.*)$/gm)].map(([, name, value]) => [name, value]),
  ) as Record<string, string>;
  const bytes = Buffer.from(call.body, 'latin1');
  const read = readAnswer(wireOf(form.provider), { status: error.status, headers, bytes });
  return { headers, error: read.error as ReadError };
}

describe.for(STREAM_FORMS)('$name: scripted errors', (form) => {
  test.for(SAID[form.provider])('%i means %s', async ([status, kind, meaning]) => {
    const asked = { status, ...(meaning === undefined ? {} : { meaning }) };
    const { error } = await readScripted(form, asked);
    expect(error).toMatchObject({ kind, message: expect.stringMatching(/./) });
  });

  test('have the hint that the script gives, 0 too, and none besides', async () => {
    const hinted = await readScripted(form, { status: 429, retryAfterSeconds: 0 });
    const silent = await readScripted(form, { status: 429 });
    expect(hinted.error.retryAfterMs).toBe(0);
    expect(silent.error.retryAfterMs).toBeUndefined();
  });

  test('say whether to try again where the SDKs listen to that', async () => {
    const { error } = await readScripted(form, { status: 429, shouldRetry: true });
    expect(error.shouldRetry).toBe(form.provider === 'google' ? undefined : true);
  });
});
