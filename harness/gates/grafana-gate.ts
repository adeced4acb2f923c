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
import type { LiveSegments } from '#harness/modes/run-segments.ts';
import { DRAWN } from './dashboards-gate.ts';
import { type GateResult, notRunGate, ranGate } from './gate.ts';

export interface GrafanaGateOptions {
  /** Of the run; the pictures are written there. */
  folder: string;
  harness: HarnessEnvironment;
  signal: AbortSignal;
}

/** Grafana itself has the dashboards and alerts of the files, and every panel shows the run. */
export async function grafanaGate(
  { config, root }: LoadedConfig,
  { segments, prometheus, grafana: server }: LiveSegments,
  { folder, harness, signal }: GrafanaGateOptions,
): Promise<GateResult> {
  const name = 'grafana';
  if (config.dashboards === undefined) {
    return notRunGate(name, 'the configuration names no dashboards');
  }
  if (server === undefined) {
    return notRunGate(
      name,
      'there is no Grafana beside this stack; --stack external takes GRAFANA_URL',
    );
  }
  const startedAtMs = performance.now();
  const { dataSource = 'prometheus', empty: reasons = {} } = config.dashboards;
  const dashboardFolder = resolve(root, config.dashboards.folder);
  const dashboards = await loadDashboards(dashboardFolder);
  const alerts = await alertNames({ config, root });
  const grafana = createGrafanaClient(server, signal);
  const { selector, atSeconds } = segments.production.metrics;
  const drawn = { ...DRAWN, scrapeIntervalMs: prometheus.scrapeIntervalMs };
  const toMs = Math.ceil(atSeconds * 1_000);
  const promql = createPromqlClient(prometheus);
  const servers = await checkServers(grafana, { dataSource, alerts, selector, toMs });
  // Without its data source no panel says anything of its own.
  const panels =
    servers.length > 0
      ? { queries: 0, findings: [] }
      : await checkGrafanaPanels(dashboards, {
          grafana,
          dataSource,
          reasons,
          promql,
          atSeconds,
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
    findings: [...servers, ...provisioned, ...panels.findings],
    warnings,
    reason: `Grafana ${server.version}, ${dashboards.length} dashboards, ${panels.queries} queries, ${'files' in pictures ? pictures.files.length : 0} pictures`,
  });
}

async function alertNames({
  config,
  root,
}: Pick<LoadedConfig, 'config' | 'root'>): Promise<string[]> {
  if (config.alerts === undefined) return [];
  const { rules, tests } = config.alerts;
  const { alerts } = await loadAlerts({ rules: resolve(root, rules), tests: resolve(root, tests) });
  return alerts.map(({ alert }) => alert);
}
