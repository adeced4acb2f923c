import { resolve } from 'node:path';
import type { FiringResult } from '#harness/alerts/firing/firing-result.ts';
import { loadAlerts } from '#harness/alerts/load-alerts.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { loadDashboards } from '#harness/dashboards/load-dashboards.ts';
import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import { measureAll } from '#harness/observability/measure-all.ts';
import type { SuiteRun } from '#harness/suite/run-suite.ts';
import { type GateResult, notRunGate, ranGate } from './gate.ts';

const NAME = 'observability';

export interface ObservedRun {
  segments: readonly ModeSegment[];
  tests: SuiteRun | undefined;
  firing: FiringResult | { notRun: string };
}

/**
 * As much of what the service shows was moved, is on dashboards and is watched by proven alerts as
 * the configuration asks for. A measure that could not be taken is never green.
 */
export async function observabilityGate(
  { config, root }: LoadedConfig,
  { segments, tests, firing }: ObservedRun,
): Promise<GateResult> {
  if (config.observability === undefined) {
    return notRunGate(NAME, 'the configuration sets no thresholds of observability');
  }
  const startedAtMs = performance.now();
  const { alerts, dashboards } = config;
  const measured = measureAll({
    config,
    segments,
    movedInTests: tests && (tests.result.moved ?? []),
    firing,
    alerts:
      alerts === undefined
        ? { ruleFiles: [], alerts: [], testFiles: [] }
        : await loadAlerts({
            rules: resolve(root, alerts.rules),
            tests: resolve(root, alerts.tests),
          }),
    dashboards:
      dashboards === undefined ? [] : await loadDashboards(resolve(root, dashboards.folder)),
  });
  const measures = measured.map(({ measure }) => measure);
  const run = ranGate(NAME, {
    checks: measures.reduce((sum, { total }) => sum + total, 0),
    durationMs: performance.now() - startedAtMs,
    findings: measured.flatMap(({ findings }) => findings),
    measures,
  });
  const untold = measures.flatMap(({ says, notRun }) =>
    notRun === undefined ? [] : [`${says}: ${notRun}`],
  );
  if (run.status === 'failed' || untold.length === 0) return run;
  return { ...run, status: 'not-run', reason: untold.join('; ') };
}
