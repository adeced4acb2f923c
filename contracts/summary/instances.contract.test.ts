import { expect, onTestFinished, test } from 'vitest';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { createMetricsReader } from '#harness/metrics/metrics-reader.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { settleAll } from '#harness/metrics/settle.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { providerWiring } from '#harness/modes/provider-wiring.ts';
import { readServiceSummary } from '#harness/modes/read-service-summary.ts';
import { wireEvidence } from '#harness/modes/wire-evidence.ts';
import { wireService } from '#harness/modes/wired-service.ts';
import { reconcileInstances } from '#harness/reconcile/reconcile-instances.ts';
import { startService } from '#harness/service/start-service.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { playScenario } from '#harness/traffic/play-scenario.ts';

const SEED = 'instances';
const PLAYED = [
  'success',
  'stream-success',
  'provider-answers-500',
  'client-abort',
  'provider-cut',
];

/** Two processes of the service on one database, and callers who go to them in turn. */
async function startTwo() {
  const { config: whole, root } = await loadConfig();
  const scenarios = whole.scenarios.filter(({ name }) => PLAYED.includes(name));
  const config = { ...whole, scenarios };
  const baseEnv = childEnvironment();
  const shared = { config, root, seed: SEED, baseEnv };
  const owned = new AsyncDisposableStack();
  onTestFinished(() => owned.disposeAsync());
  const stack = owned.use(await startEmbeddedStack(loadHarnessEnvironment()));
  const template = await stack.postgres.createTemplate((databaseUrl) =>
    prepareDatabase({ ...shared, databaseUrl }),
  );
  const mode = 'production' as const;
  const wired = owned.use(await wireService({ ...shared, mode, stack, template }));
  const { simulator, database, databaseUrl, calls } = wired;
  const second = owned.use(
    await startService({
      ...config.service,
      cwd: root,
      environment: (port) => ({
        ...baseEnv,
        ...config.service.environment({
          mode,
          host: '127.0.0.1',
          port,
          databaseUrl,
          providers: providerWiring((provider) => simulator.providerUrl(provider), SEED),
        }),
      }),
    }),
  );
  const slot = owned.use(await stack.prometheus.claimSlot());
  const { metricsPath, summaryPath, epoch, authorization } = config.service;
  slot.pointTo(`${second.url}${metricsPath}`);
  await stack.prometheus.scraping;
  const promql = createPromqlClient(stack.prometheus);
  const targets = [
    { url: wired.service.url, selector: wired.slot.selector },
    { url: second.url, selector: slot.selector },
  ].map(({ url, selector }) => ({
    selector,
    reader: createMetricsReader({
      metricsUrl: `${url}${metricsPath}`,
      leaveOut: config.service.decayingMetrics,
      epochMetric: epoch?.metric,
      inFlightMetrics: config.service.inFlightMetrics,
    }),
    readSummary: (limit: { signal: AbortSignal }) =>
      readServiceSummary(`${url}${summaryPath}`, config.service, limit),
  }));
  const urls = [wired.service.url, second.url];
  async function play(): Promise<void> {
    for (const [index, scenario] of scenarios.entries()) {
      const url = urls[index % urls.length] ?? '';
      await playScenario(scenario, { url, seed: SEED, simulator, authorization, calls });
    }
  }
  async function reconcile(timeoutMs = 60_000) {
    const instant = await settleAll({ promql, targets, timeoutMs });
    const { fencedAtMs } = instant;
    const providerCalls = simulator.ledger.calls;
    const sent = { providerCalls, serviceCalls: calls, scenarios, seed: SEED, fencedAtMs };
    return await reconcileInstances(config.facts, {
      evidence: wireEvidence(sent),
      database,
      promql,
      instant,
      summaryFieldsAside: epoch === undefined ? [] : [epoch.field],
      withoutFact: config.withoutFact ?? {},
    });
  }
  return { play, reconcile, slot };
}

test('two instances are reconciled as one service, and never without one of them', {
  tags: ['integration'],
}, async () => {
  const { play, reconcile, slot } = await startTwo();
  await play();
  const { rows, findings } = await reconcile();
  expect(findings).toEqual([]);
  const total = rows.find(({ name }) => name === 'model_requests_total');
  expect(total).toMatchObject({ wire: '6', database: '6', promql: '6', equal: true });
  const parts = rows.filter(({ name }) => name.startsWith('model_requests_total of'));
  expect(parts.map(({ summary, promql }) => [summary, promql])).toEqual([
    ['4', '4'],
    ['2', '2'],
  ]);
  slot.detach();
  await expect(reconcile(1_000)).rejects.toThrow(
    new RegExp(
      `did not store the scrape of the fence within [^]*${slot.selector}[^]*H_METRICS_NOT_SCRAPED`,
    ),
  );
});
