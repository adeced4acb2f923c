import type { TallyConfig } from '#harness/config/tally-config.ts';
import type { MetricsReader } from '#harness/metrics/metrics-reader.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { settle } from '#harness/metrics/settle.ts';
import type { WireEvidence } from '#harness/reconcile/fact.ts';
import { summaryFields } from '#harness/reconcile/read-summary.ts';
import type { Reconciliation } from '#harness/reconcile/reconcile.ts';
import {
  reconcileAll,
  reconcileDurable,
  reconcileFacts,
} from '#harness/reconcile/reconcile-all.ts';
import { untilQuietEdge } from '#harness/reconcile/until-quiet-edge.ts';
import type { Stack } from '#harness/stack/stack.ts';
import { readServiceSummary } from './read-service-summary.ts';
import { wireEvidence } from './wire-evidence.ts';
import type { WiredProcess } from './wired-service.ts';

const SETTLE_TIMEOUT_MS = 60_000;

export interface ReconcileNowOptions {
  config: TallyConfig;
  stack: Stack;
  seed: string;
  metrics: MetricsReader;
  /** Names of the facts to ask for; all when left out. */
  only?: readonly string[];
  progress?: (text: string) => void;
  signal?: AbortSignal | undefined;
}

export interface ReconciledInstant extends Reconciliation {
  atSeconds: number;
  settleMs: number;
  reconcileMs: number;
  /** The paths of all quantities that the summary shows. */
  summaryFields: readonly string[];
}

/** Settles and asks every witness of every fact, or of some, at that one instant. */
export async function reconcileNow(
  wired: WiredProcess,
  { config, stack, seed, metrics, only, progress = () => undefined, signal }: ReconcileNowOptions,
): Promise<ReconciledInstant> {
  const { service, database, slot } = wired;
  const { epoch, summaryPath } = config.service;
  const promql = createPromqlClient(stack.prometheus);
  const asked = config.facts.filter(({ name }) => only === undefined || only.includes(name));
  const startedAtMs = performance.now();
  const ownCalls = wired.calls.slice(wired.process.firstServiceCall);
  await untilQuietEdge(
    asked.flatMap(({ window }) => window ?? []),
    { endsMs: ownCalls.flatMap(({ endedAtMs }) => endedAtMs ?? []), nowMs: startedAtMs },
    { progress, signal },
  );
  const instant = await settle({
    promql,
    selector: slot.selector,
    reader: metrics,
    readSummary: (options) =>
      readServiceSummary(`${service.url}${summaryPath}`, config.service, options),
    // A scrape may take one interval; on an overloaded machine many fail before one fits.
    timeoutMs: SETTLE_TIMEOUT_MS,
    // Somebody's Prometheus scrapes seldom, and serves others too.
    everyMs: stack.prometheus.scrapeIntervalMs / 20,
    signal,
  });
  const settledAtMs = performance.now();
  const witnesses = {
    evidence: evidenceOf(wired, { config, seed, fencedAtMs: instant.fencedAtMs }),
    database,
    summary: instant.summary,
    promql,
    instant,
    selector: slot.selector,
    summaryFieldsAside: epoch === undefined ? [] : [epoch.field],
    exposition: instant.exposition,
    withoutFact: config.withoutFact ?? {},
  };
  const reconciliation = await (only === undefined
    ? reconcileAll(config.facts, witnesses)
    : reconcileFacts(asked, witnesses));
  return {
    ...reconciliation,
    atSeconds: instant.atSeconds,
    settleMs: settledAtMs - startedAtMs,
    reconcileMs: performance.now() - settledAtMs,
    summaryFields: summaryFields(instant.summary, witnesses.summaryFieldsAside),
  };
}

/** Compares what a process that was killed has left. */
export function reconcileKilled(
  wired: WiredProcess,
  { config, seed }: Pick<ReconcileNowOptions, 'config' | 'seed'>,
): Promise<Reconciliation> {
  const evidence = evidenceOf(wired, { config, seed, fencedAtMs: performance.now() });
  return reconcileDurable(config.facts, { evidence, database: wired.database });
}

/** What went over both wires since the process started that runs now. */
function evidenceOf(
  { providers, calls, process }: WiredProcess,
  { config, seed, fencedAtMs }: { config: TallyConfig; seed: string; fencedAtMs: number },
): WireEvidence {
  return wireEvidence({
    providerCalls: providers.ledger.calls.slice(process.firstProviderCall),
    serviceCalls: calls.slice(process.firstServiceCall),
    scenarios: config.scenarios,
    seed,
    fencedAtMs,
  });
}
