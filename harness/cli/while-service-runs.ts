import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { grafanaFolders } from '#harness/grafana/grafana-folders.ts';
import { playInMode } from '#harness/modes/play-in-mode.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { wantedImage } from '#harness/modes/wanted-image.ts';
import { wiredMetricsReader } from '#harness/modes/wired-metrics-reader.ts';
import { type WiredService, wireService } from '#harness/modes/wired-service.ts';
import { loadLatestRun } from '#harness/run-metrics/load-latest-run.ts';
import { serveRunMetrics } from '#harness/run-metrics/serve-run-metrics.ts';
import type { Stack } from '#harness/stack/stack.ts';
import { startStack } from '#harness/stack/start-stack.ts';
import type { Mode } from '#harness/traffic/scenario.ts';
import type { CommandContext } from './command-context.ts';
import type { PlaceFlags } from './place-options.ts';

export interface RunningFlags extends PlaceFlags {
  config: string;
  mode: Mode;
  seed: string;
}

/** A command that needs the service running. */
export interface ServiceCommand {
  loaded: LoadedConfig;
  flags: RunningFlags;
  context: CommandContext;
}

export interface Running {
  stack: Stack;
  wired: WiredService;
  /** Aborted by Ctrl-C, and when a server of the stack has ended by itself. */
  signal: AbortSignal;
  /** When the first scenario began, in seconds since the epoch. */
  playedFromSeconds: number;
}

/**
 * Starts stack and service, plays every scenario once, then does `work`. Prometheus also has the
 * numbers of the newest verdict. Nothing of it runs afterwards.
 */
export async function whileServiceRuns(
  { loaded, flags, context }: ServiceCommand,
  work: (running: Running) => Promise<void>,
): Promise<void> {
  const { config, root } = loaded;
  const { seed, mode, stack: backend, image } = flags;
  const { progress } = context.output;
  const baseEnv = childEnvironment();
  await using own = await serveRunMetrics((await loadLatestRun(root)) ?? {});
  const harness = loadHarnessEnvironment();
  const asked = { ...loaded, harness, backend, image, progress, signal: context.signal };
  const serviceImage = await wantedImage(asked);
  await using stack = await startStack({
    ...harness,
    ...{ backend, serviceImage, progress, signal: context.signal },
    grafana: grafanaFolders(loaded),
  });
  const { place } = stack.service ?? {};
  const signal = AbortSignal.any([context.signal, stack.failure]);
  stack.prometheus.ownSlot.pointTo(own.url);
  const shared = { config, root, seed, baseEnv, signal };
  const template = await stack.postgres.createTemplate((databaseUrl) =>
    prepareDatabase({ ...shared, databaseUrl }),
  );
  await using wired = await wireService({
    ...shared,
    mode,
    stack,
    place,
    template,
    generate: true,
  });
  const metrics = wiredMetricsReader(wired, config.service);
  progress('waiting for Prometheus to scrape');
  await stack.prometheus.scraping;
  const playedFromSeconds = Date.now() / 1_000;
  for (const scenario of config.scenarios) {
    progress(`traffic: ${scenario.name}`);
    await playInMode(scenario, wired, { ...shared, stack, metrics });
  }
  await work({ stack, wired, signal, playedFromSeconds });
  stack.failure.throwIfAborted();
}
