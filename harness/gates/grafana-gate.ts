import { join, resolve } from 'node:path';
import { loadAlerts } from '#harness/alerts/load-alerts.ts';
import type { HarnessEnvironment } from '#harness/config/env.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { loadDashboards } from '#harness/dashboards/load-dashboards.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { checkGrafanaPanels } from '#harness/grafana/check-grafana-panels.ts';
import { checkProvisioned } from '#harness/grafana/check-provisioned.ts';
import { checkServers } from '#harness/grafana/check-servers.ts';
import { createGrafanaClient } from '#harness/grafana/grafana-client.ts';
import { screenshotDashboards } from '#harness/grafana/screenshot-dashboards.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import type { PrometheusServer } from '#harness/stack/stack.ts';
import { DRAWN } from './dashboards-gate.ts';
import { type GateResult, notRunGate, ranGate } from './gate.ts';
import type { LiveRun } from './live-series.ts';

export interface GrafanaGateOptions {
  /** Of the run; the pictures are written there. */
  folder: string;
  harness: HarnessEnvironment;
  signal: AbortSignal;
}

/** Grafana itself has the dashboards and alerts of the files, and every panel shows the run. */
export async function grafanaGate(
  { config, root }: LoadedConfig,
  { segments, prometheus, grafana: server, toldAtSeconds }: LiveRun,
  { folder, harness, signal }: GrafanaGateOptions,
): Promise<GateResult> {
  const name = 'grafana';
  if (config.dashboards === undefined) {
    return notRunGate(name, 'the configuration names no dashboards');
  }
  if ('absent' in server) return notRunGate(name, server.absent);
  const startedAtMs = performance.now();
  const { dataSource = 'prometheus', empty: reasons = {} } = config.dashboards;
  const dashboardFolder = resolve(root, config.dashboards.folder);
  const dashboards = await loadDashboards(dashboardFolder);
  const { alerts, refused } = await loadIntoPrometheus({ config, root }, prometheus);
  const grafana = createGrafanaClient(server, signal);
  const { selector, atSeconds } = segments.production.metrics;
  const drawn = { ...DRAWN, scrapeIntervalMs: prometheus.scrapeIntervalMs };
  const toMs = Math.ceil(toldAtSeconds * 1_000);
  const promql = createPromqlClient(prometheus);
  const servers = await checkServers(grafana, {
    ...{ dataSource, alerts, selector },
    toMs: Math.ceil(atSeconds * 1_000),
  });
  // Without its data source no panel says anything of its own.
  const panels =
    servers.length > 0
      ? { queries: 0, findings: [] }
      : await checkGrafanaPanels(dashboards, {
          grafana,
          dataSource,
          reasons,
          promql,
          atSeconds: toldAtSeconds,
          fences: Object.values(segments).map(({ metrics }) => metrics.atSeconds),
          drawn,
          signal,
        });
  const provisioned = await checkProvisioned(grafana, dashboardFolder);
  const pictures = await screenshotDashboards({
    server,
    uids: dashboards.map(({ uid }) => uid),
    fromMs: toMs - drawn.rangeMs,
    toMs,
    folder: join(folder, 'grafana'),
    env: harness.env,
    signal,
  });
  const warnings: Finding[] =
    'problem' in pictures
      ? [{ check: 'grafana/screenshots', message: `No picture was taken: ${pictures.problem}.` }]
      : [];
  return ranGate(name, {
    checks: 3 + dashboards.length + alerts.length + panels.queries,
    durationMs: performance.now() - startedAtMs,
    findings: [...refused, ...servers, ...provisioned, ...panels.findings],
    warnings,
    reason: `Grafana ${server.version}, ${dashboards.length} dashboards, ${panels.queries} queries, ${'files' in pictures ? pictures.files.length : 0} pictures`,
  });
}

/** The names of the alerts. Prometheus begins with them only here: nothing else of a run has them. */
async function loadIntoPrometheus(
  { config, root }: Pick<LoadedConfig, 'config' | 'root'>,
  prometheus: PrometheusServer,
): Promise<{ alerts: string[]; refused: Finding[] }> {
  if (config.alerts === undefined) return { alerts: [], refused: [] };
  const { rules, tests } = config.alerts;
  const { alerts, ruleFiles } = await loadAlerts({
    rules: resolve(root, rules),
    tests: resolve(root, tests),
  });
  const problem = await prometheus.loadRules?.(ruleFiles);
  const message = `Prometheus refuses the rules: ${problem}`;
  return {
    alerts: alerts.map(({ alert }) => alert),
    refused: problem === undefined ? [] : [{ check: 'grafana/rules', message }],
  };
}
