import { chooseVariables, type LiveData } from '#harness/dashboards/choose-variables.ts';
import { DashboardProblem, interpolate } from '#harness/dashboards/interpolate.ts';
import { intervalMs } from '#harness/dashboards/intervals.ts';
import type { Dashboard, Panel } from '#harness/dashboards/load-dashboards.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { GrafanaClient } from './grafana-client.ts';

export interface GrafanaPanelsOptions extends LiveData {
  grafana: GrafanaClient;
  /** Its uid. */
  dataSource: string;
  /** Seconds at which there are samples for sure: the points that are drawn may miss them all. */
  fences: readonly number[];
  /** Why a query answers nothing, by "<uid>/<panel id>/<reference id>". */
  reasons: Readonly<Record<string, string>>;
}

/**
 * Asks every panel's queries through Grafana, as its browser side does when the dashboard is
 * opened: what it replaces and how it rounds is then its own work. Each has data, or a reason.
 */
export async function checkGrafanaPanels(
  dashboards: readonly Dashboard[],
  options: GrafanaPanelsOptions,
): Promise<{ queries: number; findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  let queries = 0;
  for (const dashboard of dashboards) {
    const targets = dashboard.panels.flatMap((panel) =>
      panel.targets.map((target) => ({ panel, target })),
    );
    queries += targets.length;
    for (const { panel, target } of targets) {
      const place = `${dashboard.uid}/${panel.id}/${target.refId}`;
      const problem = await problemOf({ dashboard, target, place }, options);
      if (problem === undefined) continue;
      const message = `Grafana, "${dashboard.title}" / "${panel.title}": ${problem}\nquery: ${target.expr}`;
      findings.push({ check: `grafana/${place}`, message });
    }
  }
  return { queries, findings };
}

interface AskedPanel {
  dashboard: Dashboard;
  target: Panel['targets'][number];
  place: string;
}

async function problemOf(
  { dashboard, target, place }: AskedPanel,
  options: GrafanaPanelsOptions,
): Promise<string | undefined> {
  const { grafana, dataSource, drawn, atSeconds, fences, reasons } = options;
  const stepMs = intervalMs(drawn);
  // Grafana rounds down to a step; what happened since the last one is to be seen too.
  const toMs = Math.ceil((atSeconds * 1_000) / stepMs) * stepMs;
  try {
    const variables = await chooseVariables(dashboard, options);
    const moments = [
      { isInstant: target.instant, toMs },
      ...fences.map((seconds) => ({ isInstant: true, toMs: Math.round(seconds * 1_000) })),
    ];
    for (const moment of moments) {
      const answer = await grafana.query({
        ...{ dataSource, expr: interpolate(target.expr, variables), ...moment },
        ...{ fromMs: moment.toMs - drawn.rangeMs, intervalMs: stepMs, pointsMax: drawn.pointsMax },
      });
      if ('error' in answer) return `the data source failed: ${answer.error}`;
      if (answer.hasData || reasons[place] !== undefined) return undefined;
    }
    return 'it shows nothing.';
  } catch (error) {
    if (error instanceof DashboardProblem) return error.message;
    throw error;
  }
}
