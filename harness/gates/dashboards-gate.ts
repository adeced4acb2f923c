import { resolve } from 'node:path';
import { loadAlerts } from '#harness/alerts/load-alerts.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { checkPanels } from '#harness/dashboards/check-panels.ts';
import { findUnshown } from '#harness/dashboards/find-unshown.ts';
import { lintDashboards } from '#harness/dashboards/lint-dashboards.ts';
import { loadDashboards } from '#harness/dashboards/load-dashboards.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { type GateResult, notRunGate, ranGate } from './gate.ts';
import { type LiveRun, loadLiveSeries } from './live-series.ts';

/** Drawn like the last hour on a narrow screen: a point each 10 s, so that a run has several. */
export const DRAWN = { rangeMs: 3_600_000, pointsMax: 360 };

// Windows of rates overlap then: what happens between two of them is seen in one.
const SCRAPE_INTERVAL_MIN_MS = 5_000;

/** Every panel is understandable and shows data after the scenarios; every family is on one. */
export async function dashboardsGate(
  { config, root }: LoadedConfig,
  live: LiveRun,
  signal: AbortSignal,
): Promise<GateResult> {
  const name = 'dashboards';
  if (config.dashboards === undefined) {
    return notRunGate(name, 'the configuration names no dashboards');
  }
  const startedAtMs = performance.now();
  const dashboards = await loadDashboards(resolve(root, config.dashboards.folder));
  const { alerts } = await alertsOf({ config, root });
  const { prometheus, toldAtSeconds } = live;
  const series = await loadLiveSeries(live, signal);
  const { queries, findings } = await checkPanels(dashboards, {
    promql: createPromqlClient(prometheus),
    atSeconds: toldAtSeconds,
    drawn: {
      ...DRAWN,
      scrapeIntervalMs: Math.max(prometheus.scrapeIntervalMs, SCRAPE_INTERVAL_MIN_MS),
    },
    signal,
    series: [...series.service, ...series.own],
    fences: [
      ...Object.values(live.segments).map(({ metrics }) => metrics.atSeconds),
      toldAtSeconds,
    ],
    reasons: config.dashboards.empty ?? {},
  });
  const panels = dashboards.flatMap((dashboard) => dashboard.panels);
  const unshown = findUnshown({
    series: series.service,
    expressions: [...panels.flatMap(({ targets }) => targets), ...alerts].map(({ expr }) => expr),
    reasons: config.dashboards.notShown ?? {},
  });
  return ranGate(name, {
    checks: queries + panels.length + alerts.length + unshown.families.length,
    durationMs: performance.now() - startedAtMs,
    findings: [...lintDashboards(dashboards, alerts), ...findings, ...unshown.findings],
    reason: `${dashboards.length} dashboards, ${panels.length} panels, ${queries} queries`,
  });
}

async function alertsOf({ config, root }: Pick<LoadedConfig, 'config' | 'root'>) {
  if (config.alerts === undefined) return { alerts: [] };
  const { rules, tests } = config.alerts;
  return await loadAlerts({ rules: resolve(root, rules), tests: resolve(root, tests) });
}
