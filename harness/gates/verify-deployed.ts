import type { HarnessEnvironment } from '#harness/config/env.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { compareSummary, type SummaryComparison } from '#harness/deployed/compare-summary.ts';
import { askDeployed, type DeployedService } from '#harness/deployed/deployed-service.ts';
import type { Exposition } from '#harness/metrics/exposition.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { commitOf } from '#harness/suite/source-hash.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { GATES, type GateResult, notRunGate, ranGate } from './gate.ts';
import { judge, type Verdict } from './verdict.ts';

// A service that serves others is scraped gently.
const SCRAPE_INTERVAL_MS = 1_000;
const MOVING_SHOWN = 3;

export interface VerifyDeployedOptions {
  /** Of the service that somebody runs. */
  serviceUrl: string;
  harness: HarnessEnvironment;
  onGate: (gate: GateResult) => void;
  progress: (text: string) => void;
  signal: AbortSignal;
}

/**
 * Judges a service that somebody runs, by reading it only: it answers, is not in test mode, and
 * its summary is what its metrics say. Everything else did not run.
 */
export async function verifyDeployed(
  { config, root }: LoadedConfig,
  options: VerifyDeployedOptions,
): Promise<Verdict> {
  const { harness, signal, progress } = options;
  const startedAt = new Date();
  const url = options.serviceUrl.replace(/\/+$/, '');
  const service = { url, headers: harness.serviceHeaders, config: config.service };
  progress(`reading ${url}`);
  const answers = await askDeployed(service, signal);
  const durationMs = Date.now() - startedAt.getTime();
  const gates: GateResult[] = [
    modeGate(service, answers.exposition),
    ranGate('contracts', {
      ...{ checks: answers.checks, durationMs, findings: answers.findings },
      reason: 'health, metrics and summary only: no call is sent to a deployed service',
    }),
  ];
  const reconciled =
    answers.findings.length > 0
      ? undefined
      : await reconcileDeployed({ service, facts: config.facts, ...options });
  gates.push(
    reconciled?.gate ?? notRunGate('reconciliation', 'the service did not answer as it should'),
  );
  for (const name of GATES.filter((each) => gates.every((gate) => gate.name !== each))) {
    gates.push(notRunGate(name, 'Tally did not start this service'));
  }
  gates.forEach(options.onGate);
  return {
    verdict: judge(gates, 'deployed'),
    profile: 'deployed',
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    commit: await commitOf(root),
    versions: {
      tally: packageJson.version,
      node: process.versions.node,
      ...(reconciled && { prometheus: reconciled.prometheus }),
    },
    seed: '',
    gates,
    cassettes: [],
    scenarios: [],
    phases: [],
    facts: (reconciled?.compared.rows ?? []).map((row) => ({
      ...row,
      mode: 'production',
      process: 1,
    })),
  };
}

/** The service itself says in which mode it is. */
function modeGate(
  { config: { productionMetric }, url }: DeployedService,
  exposition: Exposition | undefined,
): GateResult {
  if (productionMetric === undefined) {
    return notRunGate('environment', 'the configuration names no service.productionMetric');
  }
  if (exposition === undefined) return notRunGate('environment', 'the metrics cannot be read');
  const shown = exposition.families.get(productionMetric)?.samples.map(({ text }) => text) ?? [];
  const isProduction = shown.length > 0 && shown.every((text) => Number(text) === 1);
  const message = `${url} shows ${productionMetric} ${shown.join(', ') || 'nowhere'}, where production shows 1: it runs in test mode.`;
  return ranGate('environment', {
    checks: 1,
    durationMs: 0,
    findings: isProduction ? [] : [{ check: 'environment/deployed-mode', message }],
    reason: 'by what the service says; its variables are not seen',
  });
}

type ReconcileOptions = VerifyDeployedOptions & {
  service: DeployedService;
  facts: LoadedConfig['config']['facts'];
};

/** With a Prometheus of Tally's own, which scrapes the service as its own one does. */
async function reconcileDeployed({ service, facts, ...options }: ReconcileOptions): Promise<{
  gate: GateResult;
  compared: SummaryComparison;
  prometheus: string;
}> {
  const { harness, progress, signal } = options;
  const startedAtMs = performance.now();
  await using stack = await startEmbeddedStack({
    ...harness,
    ...{ slots: 1, scrapeIntervalMs: SCRAPE_INTERVAL_MS, progress, signal },
  });
  const { prometheus } = stack;
  await using slot = await prometheus.claimSlot();
  slot.pointTo(`${service.url}${service.config.metricsPath}`, service.headers);
  progress('waiting for Prometheus to scrape');
  await prometheus.scraping;
  const promql = createPromqlClient(prometheus);
  const { selector } = slot;
  const scraped = { promql, selector, scrapeIntervalMs: prometheus.scrapeIntervalMs };
  const compared = await compareSummary(facts, service, scraped, signal);
  const { rows, findings, moving, isAtRest } = compared;
  const shown = [...moving.slice(0, MOVING_SHOWN), ...(moving.length > MOVING_SHOWN ? ['…'] : [])];
  const gate = ranGate('reconciliation', {
    checks: rows.length,
    durationMs: performance.now() - startedAtMs,
    findings,
    reason: isAtRest
      ? 'summary and PromQL, at rest: equal'
      : `summary and PromQL, in traffic: ${moving.length} facts moved too much to be compared${shown.length > 0 ? ` (${shown.join(', ')})` : ''}`,
  });
  return { gate, compared, prometheus: prometheus.version };
}
