import type { Alert } from '#harness/alerts/load-alerts.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { selectorsOf } from '#harness/promql/selectors-of.ts';
import { thresholdsOf } from '#harness/promql/thresholds-of.ts';
import type { Dashboard, Panel } from './load-dashboards.ts';

/**
 * What makes a dashboard useless elsewhere or hard to understand: a fixed data source, a panel
 * without words or unit, a link of an alert that leads nowhere or to another threshold.
 */
export function lintDashboards(
  dashboards: readonly Dashboard[],
  alerts: readonly Alert[],
): Finding[] {
  return [
    ...dashboards.flatMap(lintDashboard),
    ...alerts.flatMap((alert) => lintLink(alert, dashboards)),
  ];
}

function lintDashboard(dashboard: Dashboard): Finding[] {
  const { uid, title, editable, templating, panels } = dashboard;
  const ids = panels.map(({ id }) => id);
  const hasDatasource = templating.list.some(({ type }) => type === 'datasource');
  const problems = [
    title === '' && 'It has no title.',
    editable && 'It can be edited in Grafana, where the next start throws the change away.',
    !hasDatasource && 'It has no variable for the data source.',
    new Set(ids).size < ids.length && `Two of its panels have the same id (${ids.join(', ')}).`,
  ];
  return [
    ...told(`dashboards/${uid}`, problems),
    ...panels.flatMap((panel) => told(`dashboards/${uid}/${panel.id}`, lintPanel(panel))),
  ];
}

function lintPanel({ id, title, description, datasource, targets, fieldConfig }: Panel): Problems {
  const sources = [datasource, ...targets.map((target) => target.datasource)];
  const isFixed = sources.some((source) => !/^\$\{?\w+\}?$/.test(source?.uid ?? ''));
  const { unit } = fieldConfig?.defaults ?? {};
  const name = `The panel "${title}"`;
  return [
    id === 0 && `${name} has no id of its own, so no alert can link to it.`,
    title === '' && `The panel ${id} has no title.`,
    description === '' && `${name} has no description.`,
    unit === undefined && `${name} has no unit.`,
    isFixed && `${name} names a data source instead of the variable.`,
    targets.length === 0 && `${name} has no query.`,
    ...targets.flatMap(({ expr, refId, legendFormat }) => [
      legendFormat === '' && `${name}: query ${refId} has no legend.`,
      ...selectorsOf(expr)
        .filter(({ matchers }) => !matchers.some(({ value }) => /\$/.test(value)))
        .map(({ text }) => `${name}: ${text} shows every job of the data source; choose one.`),
    ]),
  ];
}

/** The panel that an alert links to exists and draws the alert's own threshold. */
function lintLink(
  { alert, expr, annotations }: Alert,
  dashboards: readonly Dashboard[],
): Finding[] {
  const link = annotations['dashboard_url'] ?? '';
  const [, uid, panelId] = /\/d\/([^/?]+).*[?&]viewPanel=(\d+)/.exec(link) ?? [];
  const panel = dashboards
    .find((dashboard) => dashboard.uid === uid)
    ?.panels.find(({ id }) => String(id) === panelId);
  if (panel === undefined) {
    return told(`dashboards/alert/${alert}`, [`${alert} links to no panel: "${link}".`]);
  }
  const drawn = panel.fieldConfig?.defaults.thresholds?.steps.map(({ value }) => value) ?? [];
  const missing = thresholdsOf(expr).filter(
    // 14.4 * 0.005 is not quite 0.072.
    (threshold) => !drawn.some((value) => Math.abs((value ?? 0) - threshold) < 1e-9),
  );
  return told(
    `dashboards/${uid}/${panelId}`,
    missing.map(
      (value) => `The panel "${panel.title}" does not draw ${alert}'s threshold ${value}.`,
    ),
  );
}

type Problems = readonly (string | false)[];

function told(check: string, problems: Problems): Finding[] {
  return problems.filter((message) => message !== false).map((message) => ({ check, message }));
}
