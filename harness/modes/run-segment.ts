import { sendHostile } from '#harness/exposition/send-hostile.ts';
import { createReadingsWatch } from '#harness/exposition/watch-readings.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { MetricsReader } from '#harness/metrics/metrics-reader.ts';
import type { Reconciliation } from '#harness/reconcile/reconcile.ts';
import type { Stack } from '#harness/stack/stack.ts';
import type { Mode } from '#harness/traffic/scenario.ts';
import type { ModeSegment, ProcessFact } from './mode-segment.ts';
import { playInMode } from './play-in-mode.ts';
import { reconcileKilled, reconcileNow } from './reconcile-now.ts';
import type { ScenarioOutcome } from './scenario-outcome.ts';
import { wiredMetricsReader } from './wired-metrics-reader.ts';
import { type WiredService, type WireServiceOptions, wireService } from './wired-service.ts';

export interface RunSegmentOptions extends WireServiceOptions {
  stack: Stack;
  onOutcome?: ((mode: Mode, outcome: ScenarioOutcome) => void) | undefined;
  progress: (text: string) => void;
}

/**
 * The service in one mode from its start to the last fence: plays every scenario, restarts where
 * one says so, asks all witnesses of each process, and sends hostile requests last. Nothing of it
 * runs afterwards.
 */
export async function runSegment(options: RunSegmentOptions): Promise<ModeSegment> {
  const { mode, config, stack, progress } = options;
  const lap = stopwatch();
  await using wired = await wireService(options);
  const readings = createReadingsWatch();
  const onReading = readings.observe;
  const metrics: MetricsReader = wiredMetricsReader(wired, config.service, { onReading });
  const start = lap();
  const outcomes: ScenarioOutcome[] = [];
  const judged: Judged[] = [];
  for (const scenario of config.scenarios) {
    options.signal?.throwIfAborted();
    progress(`${mode}: ${scenario.name}`);
    const outcome = await playInMode(scenario, wired, { ...options, metrics, onReading });
    outcomes.push(outcome);
    options.onOutcome?.(mode, outcome);
    if (scenario.thenRestart === undefined) continue;
    progress(`${mode}: restarting (${scenario.thenRestart})`);
    judged.push(await endProcess(scenario.thenRestart, wired, { ...options, metrics }));
    await wired.restart();
    readings.endProcess();
  }
  const scenarios = lap();
  progress(`${mode}: waiting for Prometheus to scrape`);
  await stack.prometheus.scraping;
  const scraping = lap();
  const { atSeconds, settleMs, reconcileMs, summaryFields, ...last } = await reconcileNow(wired, {
    ...options,
    metrics,
  });
  judged.push(ofProcess(last, wired));
  const { simulator } = wired;
  const simulatorFindings = [
    ...simulator.findings.filter(({ check }) => !TOLD_BY_USES.has(check)),
    ...simulator.unusedScripts(),
  ];
  const cassetteUses = simulator.cassetteUses();
  lap();
  // Last of all: what comes of them belongs to no scenario, and no witness is asked any more.
  progress(`${mode}: hostile requests`);
  const hostile = await sendHostile({ ...options, url: wired.service.url, metrics });
  return {
    mode,
    outcomes,
    facts: judged.flatMap(({ facts }) => facts),
    factFindings: judged.flatMap(({ findings }) => findings),
    simulatorFindings,
    cassetteUses,
    durationsMs: {
      start,
      scenarios,
      scraping,
      settle: settleMs,
      reconcile: reconcileMs,
      hostile: lap(),
    },
    readings,
    hostile,
    metrics: { selector: wired.slot.selector, atSeconds },
    summaryFields,
  };
}

/** Findings that the uses of the recordings tell once more. */
const TOLD_BY_USES: ReadonlySet<string> = new Set([
  'cassettes/drift',
  'cassettes/miss',
  'cassettes/over_used',
]);

interface Judged {
  facts: readonly ProcessFact[];
  findings: readonly Finding[];
}

/** Asks the witnesses of a process that ends: all of them before it stops, or what it has left. */
async function endProcess(
  how: 'planned' | 'killed',
  wired: WiredService,
  options: RunSegmentOptions & { metrics: MetricsReader },
): Promise<Judged> {
  if (how === 'killed') {
    await wired.service.kill();
    return ofProcess(await reconcileKilled(wired, options), wired);
  }
  await options.stack.prometheus.scraping;
  return ofProcess(await reconcileNow(wired, options), wired);
}

function ofProcess({ rows, findings }: Reconciliation, { process }: WiredService): Judged {
  const { number } = process;
  return {
    facts: rows.map((row) => ({ ...row, process: number })),
    findings: findings.map((finding) => ({
      ...finding,
      message: number === 1 ? finding.message : `Process ${number}: ${finding.message}`,
    })),
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
