import { describe, expect, test } from 'vitest';
import type { Cassette } from '#harness/cassettes/cassette.ts';
import type { RequestToMatch } from '#harness/cassettes/cassette-index.ts';
import { openaiWire } from './providers/openai/wire.ts';
import { wireOf } from './providers/wires.ts';
import { ReplayShelf } from './replay-shelf.ts';

const KEY = 'key-of-the-shelf';
const ASKED = { key: KEY, isAccepted: true };
const CHAT = '/v1/chat/completions';

function cassetteOf(id: string, body: object): Cassette {
  const provenance = { kind: 'live', date: '2026-11-22', recorder: 'test' } as const;
  const request = { method: 'POST', path: CHAT, body: body as { n: number } } as const;
  const response = { status: 200, headers: {}, bytes: Buffer.from('{}'), chunks: undefined };
  return {
    id: `openai/${id}`,
    provider: 'openai',
    provenance: { ...provenance, modelRequested: 'm', modelServed: 'm' },
    repeat: false,
    volatile: [],
    interactions: [{ request, response }],
  };
}

const requestOf = (body: unknown, path = CHAT): Omit<RequestToMatch, 'provider'> => ({
  method: 'POST',
  path,
  query: '',
  body,
});

const CASSETTES = [cassetteOf('expected', { n: 1, far: true }), cassetteOf('other', { n: 2 })];

describe('a call that no recording answers', () => {
  test('has drifted from the recording that was expected, not from the nearest one', () => {
    const shelf = new ReplayShelf(CASSETTES, wireOf);
    shelf.expect(KEY, 'openai/expected');
    const why =
      'The service now sends something else than the recording "openai/expected":\n  body.n: cassette 1, request 3\n  body.far: cassette true, request has none';
    expect(shelf.find(openaiWire, requestOf({ n: 3 }), ASKED)).toEqual({
      check: 'cassettes/drift',
      why,
    });
    expect(shelf.uses()).toEqual([
      { id: 'openai/expected', unused: [1], drifts: [why], misses: [] },
      { id: 'openai/other', unused: [1], drifts: [], misses: [] },
    ]);
  });

  test('is a miss of it when it is another operation', () => {
    const shelf = new ReplayShelf(CASSETTES, wireOf);
    shelf.expect(KEY, 'openai/expected');
    const found = shelf.find(openaiWire, requestOf({ n: 1, far: true }, '/v1/embeddings'), ASKED);
    expect(found).toMatchObject({ check: 'cassettes/miss' });
    expect(shelf.uses()[0]).toMatchObject({ drifts: [], misses: [expect.any(String)] });
  });

  test('is nobody’s when none was expected', () => {
    const shelf = new ReplayShelf(CASSETTES, wireOf);
    const found = shelf.find(openaiWire, requestOf({ n: 3 }), ASKED);
    expect(found).toMatchObject({ check: 'simulator/unmatched_request' });
    expect(shelf.uses().flatMap(({ drifts, misses }) => [...drifts, ...misses])).toEqual([]);
  });

  test('is a miss when it was asked once too often', () => {
    const shelf = new ReplayShelf(CASSETTES, wireOf);
    shelf.find(openaiWire, requestOf({ n: 2 }), ASKED);
    expect(shelf.find(openaiWire, requestOf({ n: 2 }), ASKED)).toMatchObject({
      check: 'cassettes/over_used',
    });
    expect(shelf.uses()[1]).toMatchObject({ unused: [], misses: [expect.any(String)] });
  });

  test('shows no key, though the request repeats it', () => {
    const shelf = new ReplayShelf(CASSETTES, wireOf);
    shelf.expect(KEY, 'openai/expected');
    shelf.find(openaiWire, requestOf({ n: 1, far: KEY }), ASKED);
    expect(JSON.stringify(shelf.uses())).not.toContain(KEY);
  });
});
