import type { HarnessEnvironment } from '#harness/config/env.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { askDeployed, type DeployedService } from '#harness/deployed/deployed-service.ts';
import type { MetricsReading } from '#harness/metrics/read-metrics.ts';
import type { FactRow } from '#harness/reconcile/reconcile.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { commitOf } from '#harness/suite/source-hash.ts';
import packageJson from '../../package.json' with { type: 'json' };
import {
  deployedEnvironmentGate,
  deployedExpositionGate,
  deployedReconciliationGate,
} from './deployed-gates.ts';
import { GATES, type GateResult, notRunGate, ranGate } from './gate.ts';
import { judge, type Verdict } from './verdict.ts';

// A service that serves others is scraped gently.
const SCRAPE_INTERVAL_MS = 1_000;

export interface VerifyDeployedOptions {
  /** Of the service that somebody runs. */
  serviceUrl: string;
  harness: HarnessEnvironment;
  onGate: (gate: GateResult) => void;
  progress: (text: string) => void;
  signal: AbortSignal;
}

/**
 * Judges a service that somebody runs, by reading it only: it answers, is not in test mode, shows
 * sound metrics, and its summary is what they say. Everything else did not run.
 */
export async function verifyDeployed(
  loaded: LoadedConfig,
  options: VerifyDeployedOptions,
): Promise<Verdict> {
  const { harness, signal, progress } = options;
  const startedAt = new Date();
  const gates: GateResult[] = [];
  const add = (gate: GateResult): void => {
    gates.push(gate);
    options.onGate(gate);
  };
  const url = options.serviceUrl.replace(/\/+$/, '');
  const service = { url, headers: harness.serviceHeaders, config: loaded.config.service };
  progress(`reading ${url}`);
  const { checks, findings, reading } = await askDeployed(service, signal);
  add(deployedEnvironmentGate(service, reading));
  add(
    ranGate('contracts', {
      ...{ checks, findings, durationMs: Date.now() - startedAt.getTime() },
      reason: 'health, metrics and summary only: no call is sent to a deployed service',
    }),
  );
  const watched =
    reading === undefined || findings.length > 0
      ? undefined
      : await watch(loaded, service, { ...options, reading });
  watched?.gates.forEach(add);
  const why = watched === undefined ? 'the service did not answer' : 'Tally did not start it';
  for (const name of GATES.filter((each) => gates.every((gate) => gate.name !== each))) {
    add(notRunGate(name, why));
  }
  return {
    verdict: judge(gates, 'deployed'),
    profile: 'deployed',
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    commit: await commitOf(loaded.root),
    versions: {
      tally: packageJson.version,
      node: process.versions.node,
      ...(watched && { prometheus: watched.prometheus }),
    },
    seed: '',
    gates,
    cassettes: [],
    scenarios: [],
    phases: [],
    facts: (watched?.rows ?? []).map((row) => ({ ...row, mode: 'production', process: 1 })),
  };
}

interface Watched {
  gates: readonly GateResult[];
  rows: readonly FactRow[];
  /** Its version. */
  prometheus: string;
}

/** Scrapes the service for a while, as its own Prometheus does. */
async function watch(
  { config }: LoadedConfig,
  service: DeployedService,
  options: VerifyDeployedOptions & { reading: MetricsReading },
): Promise<Watched> {
  const { harness, reading, progress, signal } = options;
  progress('starting a Prometheus that scrapes it');
  await using stack = await startEmbeddedStack({
    ...harness,
    ...{ slots: 1, scrapeIntervalMs: SCRAPE_INTERVAL_MS, progress, signal },
  });
  const { prometheus } = stack;
  const { promtool, version } = prometheus;
  const exposition = await deployedExpositionGate(config, reading, { promtool, signal });
  const scraped = { prometheus, signal };
  const { gate, rows } = await deployedReconciliationGate(config, service, scraped);
  return { gates: [gate, exposition], rows, prometheus: version };
}
