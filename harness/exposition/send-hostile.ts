import { createHash } from 'node:crypto';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Exposition } from '#harness/metrics/exposition.ts';
import { keptSamples, leftOutBy } from '#harness/metrics/left-out.ts';
import type { MetricsReader } from '#harness/metrics/metrics-reader.ts';
import { createHostileRounds, type HostileRequest } from './hostile-requests.ts';

/** So many that what grows with them has grown. */
const REQUESTS_DEFAULT = 200;
const TIMEOUT_MS = 30_000;

export interface SendHostileOptions {
  /** Of the service. */
  readonly url: string;
  readonly config: TallyConfig;
  readonly seed: string;
  readonly metrics: MetricsReader;
  readonly signal?: AbortSignal | undefined;
}

/** How many hostile requests were sent, and what they left in the metrics. */
export interface HostileTraffic {
  readonly requests: number;
  readonly findings: readonly Finding[];
}

/**
 * Sends requests with texts, ids, paths, methods and keys that nobody knows, in rounds. After the
 * first round the service has met every kind: what is new after the last one would be new for ever.
 */
export async function sendHostile(options: SendHostileOptions): Promise<HostileTraffic> {
  const { metrics, seed, signal, config } = options;
  const { authorization } = config.service;
  const { hostileRequests = REQUESTS_DEFAULT } = config.exposition ?? {};
  if (hostileRequests === 0) return { requests: 0, findings: [] };
  const marker = `zq${createHash('sha256').update(`${seed}/hostile`).digest('hex').slice(0, 10)}`;
  const nextRound = createHostileRounds(config.scenarios, { seed, authorization, marker });
  const findings: Finding[] = [];
  let requests = 0;
  let first: Exposition | undefined;
  while (requests < hostileRequests) {
    const round = nextRound();
    const sent = round.map((request) => send(request, options));
    findings.push(...(await Promise.all(sent)).flat());
    requests += round.length;
    first ??= await metrics.untilQuiet({ signal });
  }
  const last = await metrics.untilQuiet({ signal });
  if (first !== undefined) findings.push(...findGrown(first, last, requests));
  return { requests, findings: [...findings, ...findTexts(last, marker)] };
}

async function send(
  { method, path, headers, body }: HostileRequest,
  { url, signal }: SendHostileOptions,
): Promise<Finding[]> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      // A kept connection would be one more thing that the service must end with.
      headers: { ...headers, connection: 'close' },
      ...(body !== undefined && { body }),
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    await response.arrayBuffer();
    return [];
  } catch (error) {
    signal?.throwIfAborted();
    const why = error instanceof Error ? String(error.cause ?? error.message) : String(error);
    const message = `${method} ${path} was not answered: ${why}.`;
    return [{ check: 'exposition/hostile', message }];
  }
}

/** Series that came after the first round, a finding for each family. */
function findGrown(first: Exposition, last: Exposition, requests: number): Finding[] {
  const isRuntime = leftOutBy();
  const known = keptSamples(first, isRuntime, last);
  const added = [...keptSamples(last, isRuntime, first)].filter(([key]) => !known.has(key));
  const byFamily = Map.groupBy(added, ([, { family }]) => family.name);
  return [...byFamily].map(([name, [one, ...more]]) => ({
    check: 'exposition/cardinality',
    message: `${requests} hostile requests made ${more.length + 1} series of ${name} that the first of each kind did not, e.g. ${one?.[0]}.`,
    fix: 'Map what clients send to a fixed list and all else to one value; let what can occur exist from the start.',
  }));
}

/** Label values that hold what a client made up, a finding for each family. */
function findTexts({ families }: Exposition, marker: string): Finding[] {
  return [...families.values()].flatMap(({ name, samples }) => {
    const held = samples.flatMap(({ key, labels }) =>
      Object.entries(labels)
        .filter(([, value]) => value.toLowerCase().includes(marker))
        .map(([label]) => ({ key, label })),
    );
    const [one] = held;
    if (one === undefined) return [];
    const message = `The label "${one.label}" of ${name} holds what a client made up: ${one.key}.`;
    return [{ check: 'exposition/client-text', message }];
  });
}
