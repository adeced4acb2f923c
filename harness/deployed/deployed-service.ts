import type { ServiceConfig } from '#harness/config/tally-config.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { valueAt } from '#harness/json/value-at.ts';
import { ExpositionError } from '#harness/metrics/exposition-error.ts';
import type { PromqlClient } from '#harness/metrics/promql-client.ts';
import { type MetricsReading, readMetrics } from '#harness/metrics/read-metrics.ts';
import { showUrl } from '#harness/metrics/show-url.ts';
import { readServiceSummary } from '#harness/modes/read-service-summary.ts';
import { leafPaths } from '#harness/reconcile/read-summary.ts';

const TIMEOUT_MS = 10_000;

/** A service that somebody runs. Tally only reads: health, metrics and summary. */
export interface DeployedService {
  /** Base URL without a slash at its end; behind a load balancer, that of one instance. */
  url: string;
  /** Sent with each request, e.g. an authorization. Never shown. */
  headers: Readonly<Record<string, string>>;
  config: ServiceConfig;
}

/** The Prometheus that scrapes the deployed service. */
export interface DeployedPrometheus {
  promql: PromqlClient;
  /** Matchers that select the series of this instance alone. */
  selector: string;
  scrapeIntervalMs: number;
}

/** What it answered, and what is wrong with that. */
export interface DeployedAnswers {
  checks: number;
  findings: readonly Finding[];
  /** undefined when its metrics cannot be read. */
  reading: MetricsReading | undefined;
}

/** Asks each of the three places once. */
export async function askDeployed(
  service: DeployedService,
  signal: AbortSignal,
): Promise<DeployedAnswers> {
  const { url, headers, config } = service;
  const health = await foundBy('health', () => expectHealthy(service, signal));
  const metrics = await foundBy('metrics', () =>
    readMetrics(`${url}${config.metricsPath}`, { headers, signal, timeoutMs: TIMEOUT_MS }),
  );
  const summary = await foundBy('summary', async () => {
    const read = await readServiceSummary(`${url}${config.summaryPath}`, config, {
      headers,
      signal,
    });
    expectNumbers(read.summary);
  });
  const answers = [health, metrics, summary];
  return {
    checks: answers.length,
    findings: answers.flatMap(({ finding }) => finding ?? []),
    reading: metrics.value,
  };
}

/** Of a deployed service it is a finding that it cannot be reached. */
async function foundBy<T>(
  what: string,
  ask: () => Promise<T>,
): Promise<{ value?: T; finding?: Finding }> {
  try {
    return { value: await ask() };
  } catch (error) {
    const isFound = error instanceof ExpositionError || error instanceof HarnessError;
    if (!isFound) throw error;
    return { finding: { check: `contracts/${what}`, message: error.message } };
  }
}

async function expectHealthy(
  { url, headers, config }: DeployedService,
  signal: AbortSignal,
): Promise<void> {
  const place = `${url}${config.readyPath}`;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const answer = await fetch(place, { headers, signal: limit }).catch((error: unknown) => {
    signal.throwIfAborted();
    const why = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new ExpositionError(`GET ${showUrl(place)} gave no answer: ${String(why)}`);
  });
  await answer.arrayBuffer();
  if (answer.ok) return;
  throw new ExpositionError(`GET ${showUrl(place)} answered HTTP ${answer.status}`);
}

/** A summary tells numbers: what could not be had is null, with a reason beside it. */
function expectNumbers(summary: unknown): void {
  const words = leafPaths(summary).filter((path) =>
    /^n\/?a$/i.test(String(valueAt(summary, path))),
  );
  if (words.length > 0) throw new ExpositionError(`the summary has "N/A" at ${words.join(', ')}`);
}
