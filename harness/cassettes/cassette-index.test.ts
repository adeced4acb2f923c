import { describe, expect, test } from 'vitest';

import type { Cassette } from './cassette.ts';
import { CassetteIndex, type RequestToMatch } from './cassette-index.ts';
import type { RecordedRequest } from './format.ts';
import { describeNearest, findNearestCassette } from './nearest-cassette.ts';

const CHAT = { method: 'POST', path: '/v1/chat/completions' } as const;

function cassetteOf(
  name: string,
  body: RecordedRequest['body'],
  extra: Partial<Cassette> & { request?: Partial<RecordedRequest> } = {},
): Cassette {
  const provenance = {
    date: '2026-11-22',
    modelRequested: 'm',
    modelServed: 'm',
    recorder: 'test',
  };
  const response = { status: 200, headers: {}, bytes: Buffer.from('{}'), chunks: undefined };
  const request: RecordedRequest = {
    ...CHAT,
    ...(body === undefined ? {} : { body }),
    ...extra.request,
  };
  return {
    id: `openai/${name}`,
    provider: 'openai',
    provenance: { kind: 'synthetic', ...provenance },
    repeat: false,
    volatile: [],
    interactions: [{ request, response }],
    ...extra,
  };
}

function requestOf(body: unknown, extra: Partial<RequestToMatch> = {}): RequestToMatch {
  return { provider: 'openai', ...CHAT, query: '', body, ...extra };
}

function idOf(index: CassetteIndex, request: RequestToMatch, consumer = 'a'): string {
  const match = index.find(request, consumer);
  return match.kind === 'miss' ? 'miss' : `${match.kind} ${match.found.cassette.id}`;
}

describe('matching', () => {
  test('goes by method, path, query and body, not by the order of keys', () => {
    const index = new CassetteIndex([
      cassetteOf('chat', { model: 'm', n: 1 }),
      cassetteOf('query', undefined, { request: { method: 'GET', query: { b: '2', a: '1' } } }),
    ]);
    expect(idOf(index, requestOf({ n: 1, model: 'm' }))).toBe('hit openai/chat');
    const asked = requestOf(undefined, { method: 'GET', query: 'a=1&b=2' });
    expect(idOf(index, asked)).toBe('hit openai/query');
    expect(idOf(index, { ...asked, query: 'a=1' })).toBe('miss');
    expect(idOf(index, requestOf({ n: 1, model: 'm' }, { path: '/v1/responses' }), 'b')).toBe(
      'miss',
    );
    expect(idOf(index, requestOf({ n: 1, model: 'm' }, { provider: 'google' }), 'b')).toBe('miss');
    expect(idOf(index, requestOf({ n: 2, model: 'm' }), 'b')).toBe('miss');
  });

  test('leaves out what a cassette declares volatile, and only for that cassette', () => {
    const index = new CassetteIndex([
      cassetteOf('strict', { user: 'a', n: 1 }),
      cassetteOf('loose', { user: 'a', n: 2 }, { volatile: ['body.user'] }),
    ]);
    expect(idOf(index, requestOf({ user: 'b', n: 1 }))).toBe('miss');
    expect(idOf(index, requestOf({ user: 'b', n: 2 }))).toBe('hit openai/loose');
  });

  test('consumes each interaction once per consumer, equal ones one after the other', () => {
    const index = new CassetteIndex([cassetteOf('first', 1), cassetteOf('second', 1)]);
    const asked = ['a', 'a', 'b', 'a'].map((consumer) => idOf(index, requestOf(1), consumer));
    expect(asked).toEqual([
      'hit openai/first',
      'hit openai/second',
      'hit openai/first',
      'over-used openai/second',
    ]);
  });

  test('gives a repeating cassette for ever', () => {
    const index = new CassetteIndex([cassetteOf('load', 1, { repeat: true })]);
    const asked = [1, 2, 3].map(() => idOf(index, requestOf(1)));
    expect(new Set(asked)).toEqual(new Set(['hit openai/load']));
  });

  test('knows which interactions nobody asked for', () => {
    const cassettes = [cassetteOf('used', 1), cassetteOf('unused', 2)];
    const index = new CassetteIndex(cassettes);
    idOf(index, requestOf(1));
    expect(cassettes.map((cassette) => index.unused(cassette))).toEqual([[], [1]]);
  });

  test('keeps a refusal of a key for keys that nobody knows, in a cassette with other answers', () => {
    const both = cassetteOf('both', { a: 1 });
    const [answer] = both.interactions;
    const refusal = answer && { ...answer, response: { ...answer.response, status: 401 } };
    const interactions = [answer, refusal].filter((one) => one !== undefined);
    const index = new CassetteIndex(
      [{ ...both, interactions }],
      ({ interaction }) => interaction.response.status === 401,
    );
    const statusOf = (key: string, isKeyKnown: boolean) => {
      const match = index.find(requestOf({ a: 1 }), key, { isKeyKnown });
      return match.kind === 'hit' ? match.found.interaction.response.status : match.kind;
    };
    expect([statusOf('k', true), statusOf('k', true)]).toEqual([200, 'over-used']);
    expect([statusOf('u', false), statusOf('u', false)]).toEqual([401, 'over-used']);
  });
});

describe('nearest cassette', () => {
  const cassettes = [
    cassetteOf('far', { a: 1, b: 2, c: 3 }),
    cassetteOf('near', { a: 9, b: 8, c: 1 }),
    cassetteOf('other-path', { a: 9, b: 8, c: 7 }, { request: { path: '/v1/responses' } }),
  ];

  test('is the one with the fewest differences on the same path', () => {
    const nearest = findNearestCassette(requestOf({ a: 9, b: 8, c: 7 }), cassettes);
    expect(describeNearest(nearest)).toBe(
      'The nearest cassette is "openai/near":\n  body.c: cassette 1, request 7',
    );
  });

  test('shows a limited number of differences and says how many are left', () => {
    const body = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, index]));
    const text = describeNearest(findNearestCassette(requestOf(body), [cassetteOf('chat', {})]));
    expect(text.split('\n')).toHaveLength(10);
    expect(text).toMatch(/and 12 more$/);
  });

  test('is none when the provider has no cassette', () => {
    const nearest = findNearestCassette(requestOf({}, { provider: 'anthropic' }), cassettes);
    expect(describeNearest(nearest)).toBe('There is no cassette of this provider to compare with.');
  });
});
