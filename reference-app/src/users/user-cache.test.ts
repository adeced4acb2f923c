import { describe, expect, test } from 'vitest';
import { UserCache } from './user-cache.ts';

const ANN = { id: 'user-1', name: 'Ann', cachesAnswers: false };

describe('user cache', () => {
  test('forgets a user after 5 s', () => {
    const clock = { nowMs: 0 };
    const cache = new UserCache(() => clock.nowMs);
    cache.set('a', ANN);
    clock.nowMs = 4_999;
    expect(cache.get('a')).toEqual(ANN);
    clock.nowMs = 5_000;
    expect(cache.get('a')).toBeUndefined();
  });

  test('forgets a user who was changed, and nobody else', () => {
    const cache = new UserCache(() => 0);
    cache.set('a', ANN);
    cache.set('b', { ...ANN, id: 'user-2' });
    cache.forget(ANN);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.get('b')).toMatchObject({ id: 'user-2' });
  });

  test('never holds more than 10,000 users: the oldest goes first', () => {
    const cache = new UserCache(() => 0);
    for (let index = 0; index <= 10_000; index += 1) cache.set(`key-${index}`, ANN);
    expect(cache.get('key-0')).toBeUndefined();
    expect(cache.get('key-1')).toEqual(ANN);
    expect(cache.get('key-10000')).toEqual(ANN);
  });
});
