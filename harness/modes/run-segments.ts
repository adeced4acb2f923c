import type { HarnessEnvironment } from '#harness/config/env.ts';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import { grafanaFolders } from '#harness/grafana/grafana-folders.ts';
import type { Backend } from '#harness/stack/choose-stack.ts';
import type { AbsentServer, GrafanaServer, PrometheusServer, Stack } from '#harness/stack/stack.ts';
import { startStack } from '#harness/stack/start-stack.ts';
import { MODES, type Mode } from '#harness/traffic/scenario.ts';
import type { ModeSegment } from './mode-segment.ts';
import { prepareDatabase } from './prepare-database.ts';
import { runSegment } from './run-segment.ts';
import type { ScenarioOutcome } from './scenario-outcome.ts';
import { wantedImage } from './wanted-image.ts';

export interface RunSegmentsOptions {
  config: TallyConfig;
  root: string;
  seed: string;
  harness: HarnessEnvironment;
  /** Where the stack runs; chosen by what is there when left out. */
  backend?: Backend | undefined;
  /** The service runs in containers of this image; true: of the one that the configuration builds. */
  image?: string | true | undefined;
  baseEnv: Readonly<Record<string, string>>;
  /** Called as soon as the servers run. */
  onStack?: (stack: Stack) => void;
  /** Called for each scenario that was played. */
  onOutcome?: ((mode: Mode, outcome: ScenarioOutcome) => void) | undefined;
  /** Called when both modes have ended, while Prometheus still answers. */
  whileUp?: (live: LiveSegments) => Promise<void>;
  progress: (text: string) => void;
  signal: AbortSignal;
}

/** What the service did in each mode, and which servers of which version were beside it. */
export interface Segments {
  segments: Readonly<Record<Mode, ModeSegment>>;
  versions: Readonly<Record<string, string>>;
}

/** What both modes did, and the servers that saw it. */
export interface LiveSegments {
  segments: Segments['segments'];
  prometheus: PrometheusServer;
  grafana: GrafanaServer | AbsentServer;
}

/** Starts the stack, then the service in both modes at once. Nothing of it runs afterwards. */
export async function runSegments(options: RunSegmentsOptions): Promise<Segments> {
  const { progress, harness, backend } = options;
  // A mode that fails ends the other one, so that both have let go before the stack stops.
  const failed = new AbortController();
  const ending = AbortSignal.any([options.signal, failed.signal]);
  const serviceImage = await wantedImage(options);
  await using stack = await startStack({
    ...harness,
    ...{ backend, serviceImage, progress, signal: ending },
    grafana: grafanaFolders(options),
  });
  const { place } = stack.service ?? {};
  const signal = AbortSignal.any([ending, stack.failure]);
  options.onStack?.(stack);
  progress('database: migrating and seeding');
  const template = await stack.postgres.createTemplate((databaseUrl) =>
    prepareDatabase({ ...options, databaseUrl, signal }),
  );
  const runs = MODES.map(async (mode) => {
    try {
      return await runSegment({ ...options, mode, stack, place, template, signal });
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(runs);
  // What a mode says then is about a service that had lost its database.
  stack.failure.throwIfAborted();
  failed.signal.throwIfAborted();
  const [testing, production] = (await Promise.all(runs)) as [ModeSegment, ModeSegment];
  const segments = { testing, production };
  await options.whileUp?.({ segments, prometheus: stack.prometheus, grafana: stack.grafana });
  stack.failure.throwIfAborted();
  return {
    segments,
    versions: {
      stack: stack.backend,
      postgres: stack.postgres.version,
      prometheus: stack.prometheus.version,
      ...('version' in stack.grafana && { grafana: stack.grafana.version }),
      ...(stack.service && { service: stack.service.version }),
    },
  };
}
