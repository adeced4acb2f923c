import type { Load } from './load.ts';
import { readProcess } from './read-process.ts';
import type { LoadClient } from './start-load-client.ts';

export const SUBJECTS = ['direct', 'service', 'gateway'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** Where the load of one subject goes. */
export interface Door extends Pick<Load, 'url' | 'headers'> {
  /** The process that serves it; undefined: the simulator, in this one. */
  readonly pid: number | undefined;
}

export type Doors = Readonly<Record<Subject, Door>>;

export interface Case {
  readonly isStream: boolean;
  readonly connections: number;
}

/** Of all rounds together. */
interface SubjectResult {
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the median round. */
  readonly requestsPerSecond: number;
  /** Of one request, in the process of the subject: it depends least on what else runs. */
  readonly cpuMs: number;
}

export interface CaseResult extends Case {
  readonly subjects: Readonly<Record<Subject, SubjectResult>>;
}

const CASES: readonly Case[] = [false, true].flatMap((isStream) =>
  [1, 16, 64].map((connections) => ({ isStream, connections })),
);
const WARM_UP_REQUESTS = 1_000;
/** Of one round; a single connection is slower, and its median settles sooner. */
const REQUESTS = { single: 200, many: 1_000 };

interface Comparison {
  readonly client: LoadClient;
  readonly doors: Doors;
  readonly rounds: number;
  readonly progress: (text: string) => void;
}

/**
 * Sends the same load to all subjects, a round each in turn: what the machine does meanwhile meets
 * all of them.
 */
export async function compareSubjects({
  client,
  doors,
  ...options
}: Comparison): Promise<CaseResult[]> {
  for (const isStream of [false, true]) {
    for (const subject of SUBJECTS)
      await client.run(toLoad({ isStream, connections: 16 }, doors[subject], WARM_UP_REQUESTS));
  }
  const results: CaseResult[] = [];
  for (const one of CASES) {
    options.progress(`${one.isStream ? 'streams' : 'plain'}, ${one.connections} connections`);
    results.push(await compareCase(one, { client, doors, ...options }));
  }
  return results;
}

async function compareCase(one: Case, { client, doors, rounds }: Comparison): Promise<CaseResult> {
  const latenciesMs: Record<Subject, number[]> = { direct: [], service: [], gateway: [] };
  const rates: Record<Subject, number[]> = { direct: [], service: [], gateway: [] };
  const cpuMs: Record<Subject, number> = { direct: 0, service: 0, gateway: 0 };
  const requests = one.connections === 1 ? REQUESTS.single : REQUESTS.many;
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of SUBJECTS) {
      const { pid } = doors[subject];
      const before = await readProcess(pid);
      const result = await client.run(toLoad(one, doors[subject], requests));
      cpuMs[subject] += (await readProcess(pid)).cpuMs - before.cpuMs;
      latenciesMs[subject].push(...result.latenciesMs);
      rates[subject].push(result.requestsPerSecond);
    }
  }
  const summarise = (subject: Subject): SubjectResult => ({
    requests: latenciesMs[subject].length,
    p50Ms: quantile(latenciesMs[subject], 0.5),
    p99Ms: quantile(latenciesMs[subject], 0.99),
    requestsPerSecond: quantile(rates[subject], 0.5),
    cpuMs: cpuMs[subject] / latenciesMs[subject].length,
  });
  return {
    ...one,
    subjects: {
      direct: summarise('direct'),
      service: summarise('service'),
      gateway: summarise('gateway'),
    },
  };
}

function toLoad({ isStream, connections }: Case, door: Door, requests: number): Load {
  const messages = [{ role: 'user', content: 'Say what you count.' }];
  const body = JSON.stringify({ model: 'gpt-5.4-nano', messages, stream: isStream });
  const headers = { ...door.headers, 'content-type': 'application/json' };
  return { url: door.url, headers, body, connections, requests, isStream };
}

/** The smallest value that the given share of all values does not exceed. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}
