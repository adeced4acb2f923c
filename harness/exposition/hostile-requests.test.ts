import { describe, expect, test } from 'vitest';
import type { Scenario } from '#harness/traffic/scenario.ts';
import { createHostileRounds } from './hostile-requests.ts';

const chat: Scenario = {
  name: 'chat',
  says: 'An answer.',
  caller: 'own-key',
  request: {
    method: 'POST',
    path: '/chat',
    body: { model: 'm', messages: [{ role: 'user', content: 'hi' }], n: 1 },
  },
  followedBy: [
    { request: { method: 'GET', path: '/things/:id' }, provider: [], expect: { status: 200 } },
  ],
  provider: [],
  expect: { status: 200 },
  movement: {},
};

const create = () =>
  createHostileRounds([chat, { ...chat, name: 'again' }, { ...chat, caller: 'unknown' }], {
    seed: 'seed',
    marker: 'zq',
    authorization: (key) => ({ authorization: key }),
  });

describe('a round of hostile requests', () => {
  test('replaces each text of each body once, and each id', () => {
    const round = create()();
    expect(round.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
      'POST /chat',
      'POST /chat',
      'POST /chat',
      expect.stringMatching(/^GET \/things\/zq-\d+$/),
      expect.stringMatching(/^GET \/zq-\d+$/),
      expect.stringMatching(/^POST \/zq-\d+\/zq-\d+$/),
      'GET /chat',
      expect.stringMatching(/^[A-Z-]+ \/chat$/),
    ]);
    const bodies = round.flatMap(({ body }) => (body === undefined ? [] : [JSON.parse(body)]));
    const text = expect.stringMatching(/^zq-\d+\n"é\\$/);
    const user = { role: 'user', content: 'hi' };
    expect(bodies).toEqual([
      { model: text, messages: [user], n: 1 },
      { model: 'm', messages: [{ ...user, role: text }], n: 1 },
      { model: 'm', messages: [{ ...user, content: text }], n: 1 },
      {},
    ]);
  });

  test('has texts that no other request has', () => {
    const next = create();
    const texts = [...next(), ...next()].map(({ headers }) => headers['user-agent']);
    expect(new Set(texts).size).toBe(texts.length);
    expect(create()()).toEqual(create()());
  });

  test('is sent by stored users, and once by a stranger', () => {
    const keys = create()().map(({ headers }) => headers['authorization']);
    expect(keys.filter((key) => key?.startsWith('zq'))).toHaveLength(1);
    expect(new Set(keys).size).toBe(2);
  });
});
