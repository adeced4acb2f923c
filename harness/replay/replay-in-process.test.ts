import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Cassette } from '#harness/cassettes/cassette.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { PROVIDER_URLS } from '#harness/cassettes/provider-url.ts';
import { replayInProcess } from './replay-in-process.ts';

const CASSETTES = await loadCassettes(
  fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url)),
);

const byId = (id: string): Cassette[] => CASSETTES.filter((cassette) => cassette.id === id);

function ask({ provider, interactions }: Cassette, change: object = {}, index = 0) {
  const { method = 'GET', path = '', query = {}, body } = interactions[index]?.request ?? {};
  const url = new URL(path, PROVIDER_URLS[provider]);
  url.search = new URLSearchParams({ ...query, key: 'key-of-the-test' }).toString();
  const json = body && JSON.stringify({ ...(body as object), ...change });
  return fetch(url, { method, ...(json && { body: json }) });
}

async function readChunks({ body }: Response): Promise<{ bytes: Buffer; readAtMs: number }[]> {
  const chunks: { bytes: Buffer; readAtMs: number }[] = [];
  for await (const chunk of body ?? [])
    chunks.push({ bytes: Buffer.from(chunk), readAtMs: performance.now() });
  return chunks;
}

describe.for(CASSETTES)('cassette $id', (cassette) => {
  test('is answered byte for byte, in its recorded chunks', async () => {
    await replayInProcess(
      [cassette],
      async () => {
        for (const [index, { response }] of cassette.interactions.entries()) {
          const answer = await ask(cassette, {}, index);
          expect(answer.status).toBe(response.status);
          const type = response.headers['content-type'] ?? null;
          expect(answer.headers.get('content-type')).toBe(type);
          const chunks = (await readChunks(answer)).map(({ bytes }) => bytes);
          expect(Buffer.concat(chunks)).toEqual(response.bytes);
          expect(chunks).toHaveLength(response.chunks?.length ?? 1);
        }
      },
      // What is recorded of a key that is refused is for nobody else.
      { keepsTime: false, isAccepted: () => !cassette.id.endsWith('/invalid-key') },
    );
  });
});

describe('a replay in the process', () => {
  test('never runs ahead of the recorded times', async () => {
    const [cassette] = byId('openai/chat-stream');
    if (cassette === undefined) throw new TypeError('the recording is gone');
    await replayInProcess([cassette], async () => {
      const askedAtMs = performance.now();
      const chunks = await readChunks(await ask(cassette));
      const recorded = cassette.interactions[0]?.response.chunks?.map(([, ms]) => ms) ?? [];
      const early = chunks.filter(
        ({ readAtMs }, index) => readAtMs - askedAtMs < (recorded[index] ?? 0) - EARLY_MS,
      );
      expect(early).toEqual([]);
      expect(recorded.at(-1)).toBeGreaterThan(0);
    });
  });

  test('fails when a recording was never asked for', async () => {
    await expect(replayInProcess(byId('openai/chat'), async () => 1)).rejects.toThrow(
      'cassettes/unused: The cassette openai/chat (interaction 1) was never asked for.',
    );
  });

  test('fails when one was asked for twice', async () => {
    const [cassette] = byId('google/chat');
    if (cassette === undefined) throw new TypeError('the recording is gone');
    const twice = replayInProcess([cassette], async () => {
      await ask(cassette);
      expect((await ask(cassette)).status).toBe(501);
    });
    await expect(twice).rejects.toThrow('cassettes/over_used');
  });

  test('fails when no recording answers, says where the nearest differs, and names no key', async () => {
    const [cassette] = byId('google/chat');
    if (cassette === undefined) throw new TypeError('the recording is gone');
    const drifted = replayInProcess([cassette], () => ask(cassette, { user: 'key-of-the-test' }));
    const failure = await drifted.catch(String);
    expect(failure).toContain('body.user: cassette has none, request');
    expect(failure).not.toContain('key-of-the-test');
  });

  test('is the only one at a time', async () => {
    const inside = replayInProcess([], () => replayInProcess([], async () => 1));
    await expect(inside).rejects.toThrow('[H_REPLAY_NOCK_ACTIVE]');
    await expect(replayInProcess([], async () => 1)).resolves.toBe(1);
  });

  test('throws what the work throws, and answers nothing afterwards', async () => {
    const broken = replayInProcess(byId('openai/chat'), async () => {
      throw new RangeError('of the work');
    });
    await expect(broken).rejects.toThrow('of the work');
  });
});

describe('the network meanwhile', () => {
  const server = createServer((_, response) => response.end('here'));
  beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => void server.close(resolve)));

  test('reaches loopback and nothing else', async () => {
    const { port } = server.address() as AddressInfo;
    await replayInProcess([], async () => {
      expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('here');
      const elsewhere = await fetch('https://example.com/').catch((error) => error);
      expect(String(elsewhere.cause ?? elsewhere)).toContain('Disallowed net connect');
    });
  });
});

/** A timer counts from a clock read earlier, so it may fire so much too soon. */
const EARLY_MS = 2;
