import { resolve } from 'node:path';
import { lintAlerts } from '#harness/alerts/lint-alerts.ts';
import { type Alerts, loadAlerts } from '#harness/alerts/load-alerts.ts';
import { type PromtoolOptions, runPromtool } from '#harness/alerts/promtool.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Labels } from '#harness/metrics/exposition.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import type { LiveSegments } from '#harness/modes/run-segments.ts';
import { explainSelector } from '#harness/promql/explain-selector.ts';
import { selectorsOf } from '#harness/promql/selectors-of.ts';
import { SLOT_JOB } from '#harness/stack/prometheus/prometheus-config.ts';
import { type GateResult, notRunGate, ranGate } from './gate.ts';

/** The alerts pass their unit tests, and all they select exists in production. */
export async function alertsGate(
  { config, root }: LoadedConfig,
  { segments, prometheus }: LiveSegments,
  signal: AbortSignal,
): Promise<GateResult> {
  if (config.alerts === undefined) return notRunGate('alerts', 'the configuration names no alerts');
  const startedAtMs = performance.now();
  const { rules, tests } = config.alerts;
  const alerts = await loadAlerts({ rules: resolve(root, rules), tests: resolve(root, tests) });
  const { selector, atSeconds } = segments.production.metrics;
  const promql = createPromqlClient(prometheus);
  const [unitTests, linted, rows] = await Promise.all([
    runUnitTests(alerts, { promtool: prometheus.promtool, signal }),
    lintAlerts(alerts, root),
    promql.instant(`{${selector}}`, { atSeconds, signal }),
  ]);
  // The job is Tally's own choice, and another one on somebody's Prometheus.
  const series = rows.map(({ labels }) => ({ ...labels, job: SLOT_JOB }));
  const moments = alerts.testFiles.flatMap(({ tests: all }) => all.flatMap(momentsOf));
  return ranGate('alerts', {
    checks: alerts.alerts.length + moments.length,
    durationMs: performance.now() - startedAtMs,
    findings: [...unitTests, ...linted, ...checkSelectors(alerts, series)],
    reason: `${alerts.alerts.length} alerts, ${moments.length} moments of their unit tests`,
  });
}

function momentsOf({ alert_rule_test }: Alerts['testFiles'][number]['tests'][number]): string[] {
  return alert_rule_test.map(({ eval_time }) => eval_time);
}

async function runUnitTests(alerts: Alerts, options: PromtoolOptions): Promise<Finding[]> {
  const testFiles = alerts.testFiles.map(({ path }) => path);
  const [invalid, red] = await Promise.all([
    runPromtool(['check', 'rules', ...alerts.ruleFiles], options),
    runPromtool(['test', 'rules', ...testFiles], options),
  ]);
  return [
    ...(invalid === undefined ? [] : [{ check: 'alerts/rules', message: invalid }]),
    ...(red === undefined ? [] : [{ check: 'alerts/unit-tests', message: red }]),
  ];
}

function checkSelectors({ alerts }: Alerts, series: readonly Labels[]): Finding[] {
  return alerts.flatMap(({ alert, expr }) => {
    const missing = selectorsOf(expr).map((selector) => explainSelector(selector, series));
    return missing
      .filter((explanation) => explanation !== undefined)
      .map((explanation) => ({
        check: `alerts/${alert}/selector`,
        message: `${alert} watches what is not there. ${explanation}`,
      }));
  });
}
