import { describe, expect, test } from 'vitest';

import type { Cassette } from '#harness/cassettes/cassette.ts';
import type { Chunk } from '#harness/cassettes/format.ts';
import { loadHarnessEnvironment, processEnvironment } from '#harness/config/env.ts';
import { cutAnswer, readAnswer } from './providers/read-answer.ts';
import { wireOf } from './providers/wires.ts';
import { startSimulator } from './simulator.ts';
import { RawCall } from './testing/raw-call.ts';
import { CORPUS_FOLDERS, type CorpusExchange, readCorpus } from './testing/read-corpus.ts';

const { corpusDir } = loadHarnessEnvironment(processEnvironment());
const KEY = 'key-corpus-0123456789';

function withKey(key: string): Record<string, string> {
  return {
    authorization: `Bearer ${key}`,
    'x-goog-api-key': key,
    'x-api-key': key,
    'api-key': key,
  };
}

/** A chunk per event, and one that ends inside it. */
function cutIntoChunks({ answer }: CorpusExchange): Chunk[] | undefined {
  const { form, events } = cutAnswer(answer);
  const starts = [0, ...events.slice(0, -1).map(({ end }) => end)];
  const inside = events.map(({ end }) => end - 3);
  const offsets = [...new Set([...starts, ...inside])].filter((offset) => offset >= 0);
  return form === 'whole'
    ? undefined
    : offsets.sort((a, b) => a - b).map((offset): Chunk => [offset, 0]);
}

function asCassette(exchange: CorpusExchange, path: string): Cassette {
  const { answer, provider, requestBody, name } = exchange;
  const response = { ...answer, chunks: cutIntoChunks(exchange) };
  const provenance = {
    kind: 'live',
    date: '2026-01-01',
    modelRequested: '',
    modelServed: '',
    recorder: 'corpus',
  } as const;
  const request = { method: 'POST', path, body: requestBody as string } as const;
  const interactions = [{ request, response }];
  return { id: name, provider, provenance, repeat: false, volatile: [], interactions };
}

describe('recorded exchanges', () => {
  test.for(CORPUS_FOLDERS)('of %s are replayed byte for byte', async (folder, { skip }) => {
    if (corpusDir === undefined) {
      skip('TALLY_CORPUS_DIR is not set: there are no recorded exchanges to replay.');
      return;
    }
    const { exchanges } = readCorpus(corpusDir, folder);
    const cassettes = exchanges.map((exchange, index) =>
      asCassette(exchange, `/exchange/${index}`),
    );
    await using simulator = await startSimulator({ cassettes, keepsTime: false });
    for (const [index, { provider, answer, requestBody }] of exchanges.entries()) {
      simulator.acceptKey(provider, KEY);
      const path = `/exchange/${index}`;
      const { form, usage, contentEvents, error } = readAnswer(wireOf(provider), answer);
      // Only a key that nobody knows was ever refused.
      const headers = withKey(error?.kind === 'invalid_key' ? 'unknown' : KEY);
      const asked = { path, headers, body: JSON.stringify(requestBody) ?? '' };
      using call = new RawCall(`${simulator.url}/${provider}`, asked);
      await expect.poll(() => call.body, { interval: 1 }).toBe(answer.bytes.toString('latin1'));
      await simulator.untilQuiet();
      const counted = answer.status === 200 && form !== 'whole' ? contentEvents : 0;
      expect(simulator.ledger.calls[index], cassettes[index]?.id).toMatchObject({
        status: answer.status,
        end: 'completed',
        answeredBy: cassettes[index]?.id,
        usage,
        contentEvents: counted,
      });
    }
    process.stdout.write(`${folder}: ${exchanges.length} exchanges replayed byte for byte\n`);
    expect(simulator.unusedCassettes()).toEqual([]);
  });
});
