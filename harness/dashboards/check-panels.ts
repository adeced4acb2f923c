import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Labels } from '#harness/metrics/exposition.ts';
import { explainSelector } from '#harness/promql/explain-selector.ts';
import { selectorsOf } from '#harness/promql/selectors-of.ts';
import { chooseVariables, type LiveData } from './choose-variables.ts';
import { type ChosenVariable, DashboardProblem, interpolate } from './interpolate.ts';
import { intervalMs } from './intervals.ts';
import type { Dashboard } from './load-dashboards.ts';

export interface CheckPanelsOptions extends LiveData {
  /** The labels of every series that the service shows. */
  series: readonly Labels[];
  /** Why a query answers nothing, by "<uid>/<panel id>/<reference id>". */
  reasons: Readonly<Record<string, string>>;
}

/** Draws every query of every dashboard: each has data, or a written reason for having none. */
export async function checkPanels(
  dashboards: readonly Dashboard[],
  options: CheckPanelsOptions,
): Promise<{ queries: number; findings: readonly Finding[] }> {
  const places: string[] = [];
  const findings: Finding[] = [];
  for (const dashboard of dashboards) {
    const queries = dashboard.panels.flatMap(({ id, title, targets }) =>
      targets.map(({ refId, expr }) => ({ place: `${dashboard.uid}/${id}/${refId}`, title, expr })),
    );
    places.push(...queries.map(({ place }) => place));
    findings.push(...(await checkQueries(dashboard, queries, options)));
  }
  const useless = Object.keys(options.reasons).filter((place) => !places.includes(place));
  return { queries: places.length, findings: [...findings, ...useless.map(uselessReason)] };
}

interface PanelQuery {
  /** "<uid>/<panel id>/<reference id>" */
  place: string;
  /** Of the panel. */
  title: string;
  expr: string;
}

async function checkQueries(
  dashboard: Dashboard,
  queries: readonly PanelQuery[],
  options: CheckPanelsOptions,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const variables: ChosenVariable[][] = [];
  const unchosen = await problemOf(async () => {
    variables.push(await chooseVariables(dashboard, 'all', options));
    variables.push(await chooseVariables(dashboard, 'one', options));
    return undefined;
  });
  if (unchosen !== undefined) {
    return [{ check: `dashboards/${dashboard.uid}/variables`, message: unchosen }];
  }
  for (const query of queries) {
    const problem = await problemOf(() => drawQuery(query, variables, options));
    if (problem === undefined) continue;
    const message = `"${dashboard.title}" / "${query.title}": ${problem}\nquery: ${query.expr}`;
    findings.push({ check: `dashboards/${query.place}`, message });
  }
  return findings;
}

/** What is wrong with one query, if anything, whichever of the variables' choices is made. */
async function drawQuery(
  { place, expr }: PanelQuery,
  choices: readonly ChosenVariable[][],
  { series, reasons, ...live }: CheckPanelsOptions,
): Promise<string | undefined> {
  const reason = reasons[place];
  const queries = choices.map((variables) => interpolate(expr, variables, live.drawn));
  const hasData = await showsData(queries[0] ?? '', live);
  if (hasData && reason !== undefined) return `It has data, and the reason says none: ${reason}`;
  const [missing] = queries
    .flatMap(selectorsOf)
    .flatMap((selector) => explainSelector(selector, series) ?? []);
  if (missing !== undefined) return `${hasData ? 'A part of it' : 'It'} shows nothing. ${missing}`;
  if (hasData || reason !== undefined) return undefined;
  return 'It shows nothing, although there are series for each selector.';
}

async function showsData(
  query: string,
  { promql, atSeconds, drawn, signal }: LiveData,
): Promise<boolean> {
  // Like a panel's query, a subquery is evaluated at multiples of its step; the last one rounds up,
  // so that what happened since the one before is seen.
  const stepMs = intervalMs(drawn);
  const end = (Math.ceil((atSeconds * 1_000) / stepMs) * stepMs) / 1_000;
  const rows = await promql.stored(`(${query}\n)[${drawn.rangeMs}ms:${stepMs}ms]`, {
    atSeconds: end,
    signal,
  });
  return rows.some(({ samples }) => samples.some(({ value }) => !Number.isNaN(value)));
}

/** What the work says, also where the dashboard is to blame that it could not be done. */
async function problemOf(work: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await work();
  } catch (error) {
    const isRefused = error instanceof HarnessError && error.code === 'H_METRICS_QUERY_REFUSED';
    if (error instanceof DashboardProblem || isRefused) return error.message;
    throw error;
  }
}

function uselessReason(place: string): Finding {
  const message = `tally.config.ts says why ${place} is empty, and no dashboard has that query.`;
  return { check: `dashboards/${place}`, message };
}
