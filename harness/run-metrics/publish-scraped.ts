import { awaitScrapes } from '#harness/metrics/await-scrapes.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import type { PrometheusServer } from '#harness/stack/stack.ts';
import type { RunState } from './run-state.ts';
import type { RunMetrics } from './serve-run-metrics.ts';

const TIMEOUT_MS = 30_000;
const EVERY_MS = 20;

/**
 * Shows more of the run and waits until Prometheus has stored it. Gives the instant, in seconds, at
 * which it has. Throws H_METRICS_*.
 */
export async function publishScraped(
  own: RunMetrics,
  parts: RunState,
  { prometheus, signal }: { prometheus: PrometheusServer; signal: AbortSignal },
): Promise<number> {
  own.publish(parts);
  const promql = createPromqlClient(prometheus);
  const sinceSeconds = await promql.nowSeconds({ signal });
  const wanted = [{ selector: prometheus.ownSlot.selector, sinceSeconds }];
  const limits = { timeoutMs: TIMEOUT_MS, everyMs: EVERY_MS, signal };
  return (await awaitScrapes(wanted, { promql, ...limits })).atSeconds;
}
