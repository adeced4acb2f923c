import Table from 'cli-table3';
import type { Output } from '#harness/cli/output.ts';
import type { Measurement } from '../measurement.ts';
import { median } from '../median.ts';
import { readProcess } from '../service/read-process.ts';
import type { RoundResult } from './load.ts';
import { KINDS, type Kind, loadExchanges } from './recorded-exchange.ts';
import { type Subject, startSubjects } from './subjects.ts';

const CONNECTIONS = 16;
const ROUND_MS = 1_000;
/** A server in Java is slow until it is compiled. */
const WARM_UP_ROUNDS = 3;
/** The simulator's requests per second, as a multiple of the fastest server that does its work. */
const TARGET = 2;
/** They do less, or need no connection. */
const NOT_COMPARED = new Set(['simulator', 'bare node:http', 'nock', 'MSW']);

interface Comparison {
  readonly name: string;
  readonly kind: Kind;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly requests: number;
  /** Of the server for one request, in milliseconds; it depends least on what else runs here. */
  readonly cpuMs: number;
  readonly chunks: 'kept' | 'changed';
}

interface MeasuredRound extends RoundResult {
  readonly cpuMs: number;
}

interface ReplayOptions {
  baseEnv: Readonly<Record<string, string>>;
  output: Output;
  /** Of each subject and kind; more of them make the medians steadier. */
  rounds: number;
}

/** The same recorded answers from the simulator and from what others use, in turn. */
export async function measureReplay(options: ReplayOptions): Promise<Measurement[]> {
  const { baseEnv, output, rounds } = options;
  await using started = new AsyncDisposableStack();
  const subjects = await startSubjects(started, baseEnv);
  const results: Comparison[] = [];
  for (const kind of KINDS) {
    output.progress(`replaying: ${kind}`);
    results.push(...(await compare(kind, subjects, rounds)));
  }
  output.line(createTable(results).toString());
  if (!subjects.some(({ name }) => name === 'WireMock'))
    output.line('WireMock: not run, there is no Java here.');
  return KINDS.flatMap((kind) => toMeasurements(results.filter((one) => one.kind === kind)));
}

async function compare(
  kind: Kind,
  subjects: readonly Subject[],
  rounds: number,
): Promise<Comparison[]> {
  const round = { kind, connections: CONNECTIONS, durationMs: ROUND_MS };
  const sizes = (await loadExchanges())
    .find((one) => one.kind === kind)
    ?.chunks.map(({ length }) => length);
  const results = new Map<Subject, MeasuredRound[]>(subjects.map((subject) => [subject, []]));
  const order = [...results];
  // They take turns, and each is the first once, so that what else runs here meets all of them.
  for (let number = -WARM_UP_ROUNDS; number < rounds; number += 1) {
    order.push(...order.splice(0, 1));
    for (const [subject, kept] of order) {
      const before = await readProcess(subject.pid);
      const result = await subject.run(round);
      const cpuMs = (await readProcess(subject.pid)).cpuMs - before.cpuMs;
      if (number >= 0) kept.push({ ...result, cpuMs });
    }
  }
  return await Promise.all(
    [...results].map(async ([subject, kept]): Promise<Comparison> => {
      const latenciesMs = kept.flatMap((one) => [...one.latenciesMs]).sort((a, b) => a - b);
      const at = (share: number) => latenciesMs[Math.ceil(share * latenciesMs.length) - 1];
      const chunks = await subject.readChunks(round);
      return {
        name: subject.name,
        kind,
        requestsPerSecond: median(kept.map((one) => one.requestsPerSecond)),
        p50Ms: at(0.5) ?? Number.NaN,
        p99Ms: at(0.99) ?? Number.NaN,
        requests: latenciesMs.length,
        cpuMs: kept.reduce((sum, one) => sum + one.cpuMs, 0) / latenciesMs.length,
        chunks: chunks.join() === sizes?.join() ? 'kept' : 'changed',
      };
    }),
  );
}

function createTable(results: readonly Comparison[]): Table.Table {
  const table = new Table({
    head: ['', 'answer', 'requests/s', 'p50', 'p99', 'CPU of the server', 'chunks'],
    style: { head: [] },
  });
  for (const { kind, ...result } of results)
    table.push([
      result.name,
      kind,
      result.requestsPerSecond.toFixed(0),
      `${result.p50Ms.toFixed(2)} ms`,
      `${result.p99Ms.toFixed(2)} ms`,
      Number.isNaN(result.cpuMs) ? '-' : `${result.cpuMs.toFixed(3)} ms`,
      kind === 'stream' ? result.chunks : '',
    ]);
  return table;
}

function toMeasurements(results: readonly Comparison[]): Measurement[] {
  const others = results.filter(({ name }) => !NOT_COMPARED.has(name));
  const fastest = Math.max(...others.map((one) => one.requestsPerSecond));
  return results.map(({ name, kind, requestsPerSecond, requests }) => ({
    name: `replay, ${kind}, ${CONNECTIONS} connections: ${name}`,
    value: requestsPerSecond,
    unit: 'requests/s',
    runs: requests,
    ...(name === 'simulator' && { target: TARGET * fastest }),
  }));
}
