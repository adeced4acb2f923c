import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import type { Cassette } from '#harness/cassettes/cassette.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import type { Provider } from '#harness/cassettes/provider.ts';
import { type Simulator, startSimulator } from './simulator.ts';
import { RawCall } from './testing/raw-call.ts';

const KEY = 'key-cassettes-0123456789';
const CASSETTES = await loadCassettes(
  fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url)),
);

const HEADERS: Readonly<Record<Provider, Record<string, string>>> = {
  openai: { authorization: `Bearer ${KEY}` },
  google: { 'x-goog-api-key': KEY },
  anthropic: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' },
  azure: { 'api-key': KEY },
};

/** What each case puts into the ledger; a case without a row here fails. */
const RECORDED: Readonly<Record<string, object>> = {
  'openai/chat': { status: 200, usage: usageOf(14, 7), contentEvents: 0 },
  'openai/chat-stream': { status: 200, usage: usageOf(14, 7), contentEvents: 7 },
  'google/chat': { status: 200, usage: usageOf(9, 7), contentEvents: 0 },
  'google/chat-stream': { status: 200, usage: usageOf(9, 7), contentEvents: 3 },
  'google/rate-limited': { status: 429, usage: undefined, modelServed: undefined },
  'anthropic/chat': {
    status: 200,
    usage: usageOf(15, 10),
    modelRequested: 'claude-haiku-4-5',
    modelServed: 'claude-haiku-4-5-20251001',
  },
  'anthropic/chat-stream': {
    status: 200,
    usage: usageOf(15, 10),
    contentEvents: 3,
    modelServed: 'claude-haiku-4-5-20251001',
  },
  'anthropic/rate-limited': { status: 429, usage: undefined, modelServed: undefined },
};

function usageOf(input: number, output: number) {
  return { input, cachedInput: 0, cacheWrite: 0, output, reasoning: 0 };
}

function replay(simulator: Simulator, { provider, interactions }: Cassette): RawCall {
  const { path = '', query = {}, body } = interactions[0]?.request ?? {};
  const search = new URLSearchParams({ ...query, ...(provider === 'google' && { key: KEY }) });
  return new RawCall(`${simulator.url}/${provider}`, {
    path: `${path}?${search}`,
    headers: HEADERS[provider],
    body,
  });
}

describe.for(CASSETTES)('cassette $id', (cassette) => {
  test('is replayed byte for byte in its recorded chunks, and understood', async () => {
    await using simulator = await startSimulator({ cassettes: [cassette], keepsTime: false });
    simulator.acceptKey(cassette.provider, KEY);
    using call = replay(simulator, cassette);
    await expect.poll(() => simulator.ledger.calls[0]?.end).toBe('completed');
    const response = cassette.interactions[0]?.response;
    await expect.poll(() => call.body).toBe(response?.bytes.toString('latin1'));

    if (response?.chunks !== undefined) {
      const sent = call.chunks.filter((chunk) => chunk !== '');
      const starts = sent.map((_, index) => sent.slice(0, index).join('').length);
      expect(starts).toEqual(response.chunks.map(([offset]) => offset));
    }
    expect(simulator.findings).toEqual([]);
    expect(simulator.unusedCassettes()).toEqual([]);
    expect(RECORDED).toHaveProperty([cassette.id]);
    expect(simulator.ledger.calls).toMatchObject([
      { answeredBy: cassette.id, ...RECORDED[cassette.id] },
    ]);
  });

  test('says that it is synthetic until a live recording replaces it', () => {
    const { kind, note } = cassette.provenance;
    expect(kind === 'live' || note?.includes('replaced by the first live recording')).toBe(true);
  });
});
