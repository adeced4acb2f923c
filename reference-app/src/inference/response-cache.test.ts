import { describe, expect, test } from 'vitest';
import type { Provider } from '../providers/provider.ts';
import type { AttemptEnd, Inference, Target } from './inference.ts';
import { cacheKeyOf, ResponseCache } from './response-cache.ts';

const answered = (text: string): Extract<AttemptEnd, { kind: 'answered' }> => ({
  kind: 'answered',
  answer: { body: {}, text },
});

const CALL = { userId: 'ann', endpoint: 'chat/completions', body: { model: 'm', n: 1 } };

function keyOf(change: Partial<typeof CALL & { apiKey: string; model: string }> = {}): string {
  const { userId, endpoint, body, apiKey = 'key', model = 'm' } = { ...CALL, ...change };
  const inference = { userId, endpoint, request: { body } } as unknown as Inference;
  const provider = { name: 'openai' } as Provider;
  const credential: Target['credential'] = { source: 'user', apiKey, settings: {} };
  return cacheKeyOf(inference, { provider, model, credential, fallback: undefined });
}

describe('response cache', () => {
  test('forgets an answer when its time is over', () => {
    const clock = { nowMs: 0 };
    const cache = new ResponseCache({ ttlMs: 100, nowMs: () => clock.nowMs });
    cache.set('a', answered('A'));
    clock.nowMs = 99;
    expect(cache.get('a')).toEqual(answered('A'));
    clock.nowMs = 100;
    expect(cache.get('a')).toBeUndefined();
  });

  test('keeps at most 1,000 answers: the oldest goes first', () => {
    const cache = new ResponseCache({ ttlMs: 100, nowMs: () => 0 });
    for (let index = 0; index <= 1_000; index += 1) cache.set(String(index), answered('A'));
    expect([cache.get('0'), cache.get('1')]).toEqual([undefined, answered('A')]);
  });

  test('does not keep an answer of over 100,000 characters', () => {
    const cache = new ResponseCache({ ttlMs: 100, nowMs: () => 0 });
    cache.set('a', answered('x'.repeat(100_001)));
    expect(cache.get('a')).toBeUndefined();
  });

  test('names the same call alike, whatever the order of its members', () => {
    expect(keyOf({ body: { n: 1, model: 'm' } })).toBe(keyOf());
  });

  test.for([
    ['user', { userId: 'bob' }],
    ['endpoint', { endpoint: 'messages' }],
    ['body', { body: { model: 'm', n: 2 } }],
    ['provider key', { apiKey: 'other' }],
    ['model', { model: 'other' }],
  ] as const)('never gives an answer to another %s', ([, change]) => {
    expect(keyOf(change)).not.toBe(keyOf());
  });

  test('holds no key in clear', () => {
    expect(keyOf({ apiKey: 'sk-secret' })).not.toContain('sk-secret');
  });
});
