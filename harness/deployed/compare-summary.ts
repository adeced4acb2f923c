import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { createMetricsReader } from '#harness/metrics/metrics-reader.ts';
import { settle } from '#harness/metrics/settle.ts';
import { readServiceSummary } from '#harness/modes/read-service-summary.ts';
import { type Fact, notAWitness } from '#harness/reconcile/fact.ts';
import { readPromql } from '#harness/reconcile/read-promql.ts';
import { readSummary } from '#harness/reconcile/read-summary.ts';
import type { Reading } from '#harness/reconcile/reading.ts';
import { type FactRow, reconcileFact } from '#harness/reconcile/reconcile.ts';
import { compareInTraffic } from './compare-in-traffic.ts';
import type { DeployedPrometheus, DeployedService } from './deployed-service.ts';

const NOT_SEEN = notAWitness('Tally sees neither the calls nor the rows of a deployed service.');
/** Scrapes that a comparison waits for, at most. */
const SCRAPES = 12;
const REST_TIMEOUT_MS = 5_000;

export interface SummaryComparison {
  rows: readonly FactRow[];
  findings: readonly Finding[];
  /** Facts that moved while they were read, so that nothing can be said. */
  moving: readonly string[];
  isAtRest: boolean;
}

/**
 * Compares the summary with PromQL. At rest every fact must be equal, at the scrape that holds the
 * summary's epoch. In traffic the summary lies between two scrapes: what no series between them
 * moved must be equal, a counter must lie between its two values, and of the rest nothing is said.
 */
export async function compareSummary(
  facts: readonly Fact[],
  service: DeployedService,
  prometheus: DeployedPrometheus,
  signal: AbortSignal,
): Promise<SummaryComparison> {
  // Its Prometheus has not yet seen as much as a window of time needs.
  const asked = facts.filter(({ summary, promql, window }) => {
    return 'path' in summary && !isNoWitness(promql) && window === undefined;
  });
  try {
    const { summary, instant } = await atRest(service, prometheus, signal);
    const compared = asked.map(async (fact) =>
      compareFact(fact, summary, await readPromql(fact, { ...prometheus, instant })),
    );
    const all = await Promise.all(compared);
    return { ...joined(all), moving: [], isAtRest: true };
  } catch (error) {
    const isMoving = error instanceof HarnessError && error.code === 'H_METRICS_NOT_QUIET';
    if (!isMoving) throw error;
  }
  const { summary, readings, moving } = await compareInTraffic(asked, service, prometheus, signal);
  const all = readings.map(({ fact, reading }) => compareFact(fact, summary, reading));
  return { ...joined(all), moving, isAtRest: false };
}

function isNoWitness(witness: Fact['promql']): boolean {
  return typeof witness === 'object' && 'notAWitness' in witness;
}

async function atRest(
  { url, headers, config }: DeployedService,
  { promql, selector, scrapeIntervalMs }: DeployedPrometheus,
  signal: AbortSignal,
) {
  const { summary, ...instant } = await settle({
    promql,
    selector,
    reader: createMetricsReader({
      metricsUrl: `${url}${config.metricsPath}`,
      headers,
      leaveOut: config.decayingMetrics,
      epochMetric: config.epoch?.metric,
      inFlightMetrics: config.inFlightMetrics,
      timeoutMs: REST_TIMEOUT_MS,
      everyMs: 200, // It serves others too.
    }),
    readSummary: (options) =>
      readServiceSummary(`${url}${config.summaryPath}`, config, { ...options, headers }),
    timeoutMs: REST_TIMEOUT_MS + SCRAPES * scrapeIntervalMs,
    everyMs: scrapeIntervalMs / 10,
    signal,
  });
  return { summary, instant };
}

function compareFact(fact: Fact, summary: unknown, promql: Reading) {
  const own = readSummary(fact, summary);
  return reconcileFact(fact, { wire: NOT_SEEN, database: NOT_SEEN, summary: own, promql });
}

function joined(all: readonly Pick<SummaryComparison, 'rows' | 'findings'>[]) {
  return {
    rows: all.flatMap(({ rows }) => rows),
    findings: all.flatMap(({ findings }) => findings),
  };
}
