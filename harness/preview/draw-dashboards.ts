import { chooseVariables, type LiveData } from '#harness/dashboards/choose-variables.ts';
import { drawQuery, endOf, hasData } from '#harness/dashboards/draw-query.ts';
import { explainNothing } from '#harness/dashboards/explain-nothing.ts';
import { type ChosenVariable, interpolate } from '#harness/dashboards/interpolate.ts';
import { intervalMs, rateIntervalMs } from '#harness/dashboards/intervals.ts';
import type { Dashboard, Panel } from '#harness/dashboards/load-dashboards.ts';
import { problemOf } from '#harness/dashboards/problem-of.ts';
import type { Labels } from '#harness/metrics/exposition.ts';
import type { StoredSeries } from '#harness/metrics/promql-answer.ts';
import type { DrawnDashboard, DrawnPanel, Frame, Preview } from './drawn.ts';
import { nameSeries } from './name-series.ts';

export interface DrawOptions extends LiveData {
  subject: string;
  /** The labels of every series that there is at the end of the range. */
  series: readonly Labels[];
  /** Why a query answers nothing, by "<uid>/<panel id>/<reference id>". */
  reasons: Readonly<Record<string, string>>;
}

/** Asks every query of every dashboard as it is opened, over the time range. */
export async function drawDashboards(
  dashboards: readonly Dashboard[],
  options: DrawOptions,
): Promise<Preview> {
  const { subject, atSeconds, drawn } = options;
  const stepMs = intervalMs(drawn);
  const toSeconds = endOf(atSeconds, stepMs);
  return {
    subject,
    fromSeconds: toSeconds - drawn.rangeMs / 1_000,
    toSeconds,
    stepMs,
    rateIntervalMs: rateIntervalMs(drawn),
    dashboards: await Promise.all(dashboards.map((one) => drawDashboard(one, options))),
  };
}

async function drawDashboard(dashboard: Dashboard, options: DrawOptions): Promise<DrawnDashboard> {
  const variables = await chooseVariables(dashboard, options).catch(problemOf);
  if (typeof variables === 'string') {
    return { dashboard, panels: [], variables: {}, problem: variables };
  }
  const chosen = variables.map(({ name, includeAll, chosen: [first = ''] }) => [
    name,
    includeAll ? 'All' : first,
  ]);
  const panels = dashboard.panels.map((panel) =>
    drawPanel(panel, { ...options, uid: dashboard.uid, variables }),
  );
  return { dashboard, panels: await Promise.all(panels), variables: Object.fromEntries(chosen) };
}

interface PanelOptions extends DrawOptions {
  uid: string;
  variables: readonly ChosenVariable[];
}

async function drawPanel(panel: Panel, options: PanelOptions): Promise<DrawnPanel> {
  const empty: Record<string, string> = {};
  const answers = panel.targets.map(async ({ refId, ...target }) => {
    const drawn = await drawTarget(target, options).catch(problemOf);
    if (typeof drawn === 'string') {
      empty[refId] = drawn;
      return [];
    }
    if (!hasData(drawn.answer)) {
      const reason = options.reasons[`${options.uid}/${panel.id}/${refId}`];
      empty[refId] =
        reason ?? (await explainNothing(drawn.query, options.series, options)) ?? NOTHING;
    }
    return drawn.answer.map((row) => ({
      refId,
      name: nameSeries(target.legendFormat, row.labels),
      row,
    }));
  });
  const series = (await Promise.all(answers)).flat();
  const times = stepsOf(options);
  const frames = series.map(({ refId, name, row }) => toFrame(row, { refId, name, times }));
  const inOrder = ({ refId, name }: Frame): string => `${refId} ${name}`;
  return {
    panel,
    times,
    frames: frames.sort((one, other) => inOrder(one).localeCompare(inOrder(other))),
    empty,
  };
}

async function drawTarget(
  { expr, instant }: Pick<Panel['targets'][number], 'expr' | 'instant'>,
  { variables, ...live }: PanelOptions,
): Promise<{ query: string; answer: StoredSeries[] }> {
  const query = interpolate(expr, variables, live.drawn);
  return { query, answer: instant ? await askOnce(query, live) : await drawQuery(query, live) };
}

const NOTHING = 'There are series for each selector, and nothing comes of them.';

async function askOnce(
  query: string,
  { promql, atSeconds, drawn, signal }: LiveData,
): Promise<StoredSeries[]> {
  const rows = await promql.instant(query, { atSeconds, signal });
  const end = endOf(atSeconds, intervalMs(drawn));
  return rows.map(({ labels, value }) => ({ labels, samples: [{ atSeconds: end, value }] }));
}

/** All points in time, also where nothing is: a gap must not look like a line. Seconds. */
function stepsOf({ atSeconds, drawn }: LiveData): number[] {
  const stepMs = intervalMs(drawn);
  const endMs = endOf(atSeconds, stepMs) * 1_000;
  const steps = Math.floor(drawn.rangeMs / stepMs);
  return Array.from(
    { length: steps + 1 },
    (_, index) => (endMs - (steps - index) * stepMs) / 1_000,
  );
}

function toFrame(
  { labels, samples }: StoredSeries,
  { refId, name, times }: { refId: string; name: string; times: readonly number[] },
): Frame {
  const byTime = new Map(samples.map(({ atSeconds, value }) => [atSeconds, value]));
  const values = times.map((time) => {
    const value = byTime.get(time);
    // NaN and infinity are nothing that could be drawn.
    return value === undefined || !Number.isFinite(value) ? null : value;
  });
  return { refId, name, labels, values };
}
