import type { MetricsReader } from '#harness/metrics/metrics-reader.ts';
import type { ModeSegment } from './mode-segment.ts';
import { playInMode } from './play-in-mode.ts';
import { reconcileNow } from './reconcile-now.ts';
import type { ScenarioOutcome } from './scenario-outcome.ts';
import { wiredMetricsReader } from './wired-metrics-reader.ts';
import { type WireServiceOptions, wireService } from './wired-service.ts';

export interface RunSegmentOptions extends WireServiceOptions {
  progress: (text: string) => void;
}

/**
 * One service process in one mode from its start to the fence: plays every scenario, settles, and
 * asks all witnesses. Nothing of it runs afterwards.
 */
export async function runSegment(options: RunSegmentOptions): Promise<ModeSegment> {
  const { mode, config, stack, progress } = options;
  const lap = stopwatch();
  await using wired = await wireService(options);
  const metrics: MetricsReader = wiredMetricsReader(wired, config.service);
  const start = lap();
  const outcomes: ScenarioOutcome[] = [];
  for (const scenario of config.scenarios) {
    options.signal?.throwIfAborted();
    progress(`${mode}: ${scenario.name}`);
    outcomes.push(await playInMode(scenario, wired, { ...options, metrics }));
  }
  const scenarios = lap();
  progress(`${mode}: waiting for Prometheus to scrape`);
  await stack.prometheus.scraping;
  const scraping = lap();
  const { settleMs, reconcileMs, rows, findings } = await reconcileNow(wired, {
    ...options,
    metrics,
  });
  const { simulator } = wired;
  return {
    mode,
    outcomes,
    facts: rows,
    factFindings: findings,
    simulatorFindings: [
      ...simulator.findings,
      ...simulator.unusedScripts(),
      ...simulator.unusedCassettes(),
    ],
    durationsMs: { start, scenarios, scraping, settle: settleMs, reconcile: reconcileMs },
  };
}

/** Milliseconds since the last lap. */
function stopwatch(): () => number {
  let lastMs = performance.now();
  return () => {
    const nowMs = performance.now();
    const lapMs = nowMs - lastMs;
    lastMs = nowMs;
    return lapMs;
  };
}
