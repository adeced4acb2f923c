import type { LoadedConfig } from '#harness/config/load-config.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { settle } from '#harness/metrics/settle.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { readServiceSummary } from '#harness/modes/read-service-summary.ts';
import { wiredMetricsReader } from '#harness/modes/wired-metrics-reader.ts';
import { wireService } from '#harness/modes/wired-service.ts';
import {
  type EmbeddedStackOptions,
  startEmbeddedStack,
} from '#harness/stack/embedded/start-embedded-stack.ts';
import { playScenario } from '#harness/traffic/play-scenario.ts';
import type { Measurement } from './measurement.ts';
import { median } from './median.ts';

const ROUNDS = 40;

/** Time from a call's end to the instant at which all witnesses can be asked. */
export async function measureSettle(
  { config, root }: LoadedConfig,
  options: EmbeddedStackOptions & { baseEnv: Readonly<Record<string, string>> },
): Promise<Measurement[]> {
  const { baseEnv } = options;
  const shared = { config, root, baseEnv, seed: 'perf' };
  await using stack = await startEmbeddedStack(options);
  const template = await stack.postgres.createTemplate((databaseUrl) =>
    prepareDatabase({ ...shared, databaseUrl }),
  );
  await using wired = await wireService({ ...shared, mode: 'production', stack, template });
  const metrics = wiredMetricsReader(wired, config.service);
  await stack.prometheus.scraping;
  const [scenario] = config.scenarios;
  if (scenario === undefined) throw new TypeError('the configuration has no scenario');
  const { authorization, summaryPath } = config.service;
  const durationsMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { calls, service, simulator, slot } = wired;
    const { seed } = shared;
    await playScenario(scenario, { url: service.url, seed, simulator, authorization, calls });
    const startedAtMs = performance.now();
    await settle({
      promql: createPromqlClient({ url: stack.prometheus.url }),
      selector: slot.selector,
      reader: metrics,
      readSummary: (limit) =>
        readServiceSummary(`${service.url}${summaryPath}`, config.service, limit),
    });
    durationsMs.push(performance.now() - startedAtMs);
  }
  const value = median(durationsMs);
  return [{ name: 'settle', value, unit: 'ms', runs: durationsMs.length, target: 150 }];
}
