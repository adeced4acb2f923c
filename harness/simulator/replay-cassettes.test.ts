import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import type { Interaction } from '#harness/cassettes/cassette.ts';
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

function replay(simulator: Simulator, provider: Provider, { request }: Interaction): RawCall {
  const { path, query = {}, body } = request;
  const search = new URLSearchParams({ ...query, ...(provider === 'google' && { key: KEY }) });
  return new RawCall(`${simulator.url}/${provider}`, {
    path: `${path}?${search}`,
    headers: HEADERS[provider],
    body,
  });
}

describe.for(CASSETTES)('cassette $id', (cassette) => {
  const { id, provider, interactions } = cassette;

  test('is replayed byte for byte in its recorded chunks', async () => {
    await using simulator = await startSimulator({ cassettes: [cassette], keepsTime: false });
    // What is recorded of a key that is refused is for nobody else.
    if (!id.endsWith('/invalid-key')) simulator.acceptKey(provider, KEY);
    for (const [index, interaction] of interactions.entries()) {
      const { status, bytes, chunks } = interaction.response;
      using call = replay(simulator, provider, interaction);
      await expect.poll(() => simulator.ledger.calls[index]?.end).toBe('completed');
      await expect.poll(() => call.body).toBe(bytes.toString('latin1'));
      if (chunks !== undefined) {
        const sent = call.chunks.filter((chunk) => chunk !== '');
        const starts = sent.map((_, place) => sent.slice(0, place).join('').length);
        expect(starts).toEqual(chunks.map(([offset]) => offset));
      }
      expect(simulator.ledger.calls[index]).toMatchObject({ answeredBy: id, status });
    }
    expect(simulator.findings).toEqual([]);
    expect(simulator.unusedCassettes()).toEqual([]);
  });

  test('says what it was written from, if it was not recorded', () => {
    const { kind, note } = cassette.provenance;
    expect(kind === 'live' || note?.startsWith('Written from the published format')).toBe(true);
  });
});
