import type { Kind } from './recorded-exchange.ts';

export const API_KEY = 'sk-tally-perf';

/** One round: as many calls as fit, each connection sending its next when the last is answered. */
export interface Round {
  readonly kind: Kind;
  readonly connections: number;
  readonly durationMs: number;
}

export interface RoundResult {
  readonly requestsPerSecond: number;
  /** Of each call, in milliseconds. */
  readonly latenciesMs: Float64Array<ArrayBuffer>;
}

/** Keeps `connections` callers busy for a while. `call` rejects unless the answer is whole. */
export async function keepBusy(
  { connections, durationMs }: Round,
  call: (connection: number) => Promise<void>,
): Promise<RoundResult> {
  const latencies: number[] = [];
  const startedAtMs = performance.now();
  const dueAtMs = startedAtMs + durationMs;
  const connection = async (_: unknown, index: number): Promise<void> => {
    for (let sentAtMs = performance.now(); sentAtMs < dueAtMs; ) {
      await call(index);
      const nowMs = performance.now();
      latencies.push(nowMs - sentAtMs);
      sentAtMs = nowMs;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const seconds = (performance.now() - startedAtMs) / 1_000;
  return {
    requestsPerSecond: latencies.length / seconds,
    latenciesMs: Float64Array.from(latencies),
  };
}
