import { request } from 'node:http';
import type { Cassette } from '#harness/cassettes/cassette.ts';
import type { Chunk } from '#harness/cassettes/format.ts';
import { startRecorder } from '#harness/recorder/recorder.ts';
import { startSimulator } from '#harness/simulator/simulator.ts';
import type { Measurement } from './measurement.ts';
import { median } from './median.ts';

const KEY = 'sk-tally-perf';
const RUNS = 50;
const CHUNKS = 40;
const GAP_MS = 20;
const REPLAYS = 20;
const BODY = {
  model: 'gpt-5.4-nano',
  stream: true,
  stream_options: { include_usage: true },
  messages: [{ role: 'user', content: 'Count to forty.' }],
};

/** What recording costs the time to the first token, and how exactly a recorded pace is replayed. */
export async function measureRecord(): Promise<Measurement[]> {
  await using live = await startSimulator();
  live.acceptKey('openai', KEY);
  const direct = live.providerUrl('openai');
  await using recorder = await startRecorder({ openai: { baseUrl: direct, key: KEY } });
  recorder.acceptKey('openai', KEY);
  const recorded = recorder.providerUrl('openai');
  const firstMs = { direct: [] as number[], recorded: [] as number[] };
  const answer = { kind: 'generated', inputTokens: 9, outputTokens: CHUNKS } as const;
  for (let run = 0; run < RUNS; run += 1) {
    // In turn, so that what else the machine does meets both alike.
    live.script(KEY, { answer }, { answer });
    firstMs.direct.push((await readStream(direct)).firstMs);
    firstMs.recorded.push((await readStream(recorded)).firstMs);
  }
  live.script(KEY, { answer, betweenEventsMs: GAP_MS });
  await readStream(recorded);
  await recorder.untilQuiet();
  const common = { unit: 'ms', runs: RUNS } as const;
  const added = median(firstMs.recorded) - median(firstMs.direct);
  const gapsMs = await replayGaps(cassetteOf(recorder.exchanges.at(-1)?.response));
  return [
    { ...common, name: 'time to first token, direct', value: median(firstMs.direct) },
    { ...common, name: 'added to it by the recorder', value: added, target: 5 },
    {
      name: 'replayed gap beside the recorded one, p99',
      value: percentile(gapsMs, 0.99),
      unit: 'ms',
      runs: gapsMs.length,
      target: 2,
    },
  ];
}

type Recorded = Cassette['interactions'][number]['response'];

function cassetteOf(response: Recorded | undefined): Cassette {
  if (response?.chunks === undefined) throw new TypeError('nothing was recorded');
  const { model } = BODY;
  const asked = { method: 'POST', path: '/v1/chat/completions', body: BODY } as const;
  return {
    id: 'openai/perf',
    provider: 'openai',
    provenance: {
      kind: 'live',
      date: '2026-01-01',
      modelRequested: model,
      modelServed: model,
      recorder: 'perf',
    },
    repeat: true,
    volatile: [],
    interactions: [{ request: asked, response }],
  };
}

/** How far each replayed gap between two chunks is from the recorded one, milliseconds. */
async function replayGaps(cassette: Cassette): Promise<number[]> {
  const { bytes, chunks = [] } = cassette.interactions[0]?.response ?? {};
  await using simulator = await startSimulator({ cassettes: [cassette] });
  simulator.acceptKey('openai', KEY);
  const url = simulator.providerUrl('openai');
  const offMs: number[] = [];
  for (let replay = 0; replay < REPLAYS; replay += 1) {
    const read = await readStream(url);
    const offsets = (of: readonly Chunk[]) => of.map(([offset]) => offset).join();
    if (!bytes?.equals(read.bytes) || offsets(read.chunks) !== offsets(chunks))
      throw new TypeError('a replay is not what was recorded');
    const [replayed, recorded] = [gapsOf(read.chunks), gapsOf(chunks)];
    offMs.push(...replayed.map((gap, index) => Math.abs(gap - (recorded[index] ?? 0))));
  }
  return offMs;
}

function gapsOf(chunks: readonly Chunk[]): number[] {
  return chunks.slice(1).map(([, atMs], index) => atMs - (chunks[index]?.[1] ?? 0));
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN;
}

interface Read {
  bytes: Buffer;
  chunks: Chunk[];
  /** From the request until the first content. */
  firstMs: number;
}

async function readStream(baseUrl: string): Promise<Read> {
  const startedAtMs = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<Read>();
  const sent = request(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(30_000),
  });
  sent.once('error', reject);
  sent.once('response', (response) => {
    const read: Read = { bytes: Buffer.alloc(0), chunks: [], firstMs: Number.NaN };
    response.on('data', (chunk: Buffer) => {
      const atMs = performance.now() - startedAtMs;
      // The first event says who speaks; the second one what.
      if (read.chunks.length === 1) read.firstMs = atMs;
      read.chunks.push([read.bytes.length, atMs]);
      read.bytes = Buffer.concat([read.bytes, chunk]);
    });
    response.once('end', () => resolve(read));
  });
  sent.end(JSON.stringify(BODY));
  return await promise;
}
