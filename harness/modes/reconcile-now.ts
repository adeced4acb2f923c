import type { TallyConfig } from '#harness/config/tally-config.ts';
import type { MetricsReader } from '#harness/metrics/metrics-reader.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { settle } from '#harness/metrics/settle.ts';
import type { Reconciliation } from '#harness/reconcile/reconcile.ts';
import { reconcileAll, reconcileFacts } from '#harness/reconcile/reconcile-all.ts';
import type { Stack } from '#harness/stack/stack.ts';
import { readServiceSummary } from './read-service-summary.ts';
import { wireEvidence } from './wire-evidence.ts';
import type { WiredService } from './wired-service.ts';

const SETTLE_TIMEOUT_MS = 60_000;

export interface ReconcileNowOptions {
  config: TallyConfig;
  stack: Stack;
  seed: string;
  metrics: MetricsReader;
  /** Names of the facts to ask for; all when left out. */
  only?: readonly string[];
  signal?: AbortSignal | undefined;
}

/** Settles and asks every witness of every fact, or of some, at that one instant. */
export async function reconcileNow(
  { service, simulator, database, slot, calls }: WiredService,
  { config, stack, seed, metrics, only, signal }: ReconcileNowOptions,
): Promise<Reconciliation & { settleMs: number; reconcileMs: number }> {
  const { epoch, summaryPath } = config.service;
  const promql = createPromqlClient({ url: stack.prometheus.url });
  const startedAtMs = performance.now();
  const instant = await settle({
    promql,
    selector: slot.selector,
    reader: metrics,
    readSummary: (options) =>
      readServiceSummary(`${service.url}${summaryPath}`, config.service, options),
    // A scrape may take one interval, 100 ms; on an overloaded machine many fail before one fits.
    timeoutMs: SETTLE_TIMEOUT_MS,
    signal,
  });
  const settledAtMs = performance.now();
  const named = config.facts.filter(({ name }) => only?.includes(name));
  const witnesses = {
    evidence: wireEvidence({
      providerCalls: simulator.ledger.calls,
      serviceCalls: calls,
      scenarios: config.scenarios,
      seed,
      fencedAtMs: instant.fencedAtMs,
    }),
    database,
    summary: instant.summary,
    promql,
    atSeconds: instant.atSeconds,
    selector: slot.selector,
    summaryFieldsAside: [epoch.field],
  };
  const reconciliation = await (only === undefined
    ? reconcileAll(config.facts, witnesses)
    : reconcileFacts(named, witnesses));
  return {
    ...reconciliation,
    settleMs: settledAtMs - startedAtMs,
    reconcileMs: performance.now() - settledAtMs,
  };
}
