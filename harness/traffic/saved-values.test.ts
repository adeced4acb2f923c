import { expect, test } from 'vitest';
import { fillIn, readSaved } from './saved-values.ts';
import type { ServiceCall } from './service-call.ts';

const call = { body: { id: 'abc', data: [{ id: 7 }], nested: {} } } as unknown as ServiceCall;

test('puts what an answer said into paths, headers and bodies', () => {
  const saved = new Map<string, string>();
  readSaved({ session: 'id', first: 'data.0.id' }, call, saved);
  const request = {
    method: 'POST',
    path: '/agent/sessions/:session/messages',
    headers: { 'x-byom-credential-id': ':first', accept: 'text/plain' },
    body: { session: ':session', text: 'a :session inside', count: 3 },
  } as const;
  expect(fillIn(request, saved)).toEqual({
    path: '/agent/sessions/abc/messages',
    headers: { 'x-byom-credential-id': '7', accept: 'text/plain' },
    body: { session: 'abc', text: 'a :session inside', count: 3 },
  });
});

test('leaves what no answer has said, so that the service refuses it', () => {
  const saved = new Map<string, string>();
  readSaved({ session: 'missing', other: 'nested' }, call, saved);
  expect(fillIn({ method: 'GET', path: '/agent/sessions/:session' }, saved)).toEqual({
    path: '/agent/sessions/:session',
    headers: {},
  });
});
