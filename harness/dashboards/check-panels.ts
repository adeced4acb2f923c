import type { Finding } from '#harness/findings/finding.ts';
import type { Labels } from '#harness/metrics/exposition.ts';
import { chooseVariables, type LiveData, type Pick } from './choose-variables.ts';
import { drawQuery, hasData } from './draw-query.ts';
import { explainEscaping, withHardValue } from './explain-escaping.ts';
import { explainNothing, explainNowhere } from './explain-nothing.ts';
import { type ChosenVariable, interpolate } from './interpolate.ts';
import type { Dashboard } from './load-dashboards.ts';
import { problemOf } from './problem-of.ts';

export interface CheckPanelsOptions extends LiveData {
  /** The labels of every series that the service shows. */
  series: readonly Labels[];
  /** Seconds at which each of them has a sample: a point in time that is drawn may miss them all. */
  fences: readonly number[];
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
  const variables = await chooseVariables(dashboard, options).catch(problemOf);
  if (typeof variables === 'string') {
    return [{ check: `dashboards/${dashboard.uid}/variables`, message: variables }];
  }
  const choices = { variables, pick: choicesOf(dashboard, options) };
  const problems = queries.map(async (query) => {
    const problem = await checkQuery(query, choices, options).catch(problemOf);
    if (problem === undefined) return [];
    const message = `"${dashboard.title}" / "${query.title}": ${problem}\nquery: ${query.expr}`;
    return [{ check: `dashboards/${query.place}`, message }];
  });
  return (await Promise.all(problems)).flat();
}

async function checkQuery(
  query: PanelQuery,
  choices: Choices,
  options: CheckPanelsOptions,
): Promise<string | undefined> {
  const escaping = await checkEscaping(query, choices.variables, options);
  return escaping ?? (await checkData(query, choices, options));
}

interface Choices {
  /** As the dashboard is opened. */
  variables: readonly ChosenVariable[];
  pick: (pick: Pick) => Promise<ChosenVariable[]>;
}

/** Many queries need the same choice; Prometheus is asked once for each. */
function choicesOf(dashboard: Dashboard, options: CheckPanelsOptions): Choices['pick'] {
  const known = new Map<string, Promise<ChosenVariable[]>>();
  return (pick) => {
    const key = JSON.stringify(pick);
    const chosen = known.get(key) ?? chooseVariables(dashboard, options, pick);
    known.set(key, chosen);
    return chosen;
  };
}

/** A value that is hard to escape must be selected, and nothing beside it. */
async function checkEscaping(
  { expr }: PanelQuery,
  variables: readonly ChosenVariable[],
  { promql, atSeconds, drawn, signal }: LiveData,
): Promise<string | undefined> {
  for (const variable of variables) {
    const query = interpolate(expr, withHardValue(variables, variable.name), drawn);
    await promql.instant(query, { atSeconds, signal });
    const wrong = explainEscaping(query, variable);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** What is wrong with one query, if anything: as it is opened, and with single values. */
async function checkData(
  { place, expr }: PanelQuery,
  choices: Choices,
  options: CheckPanelsOptions,
): Promise<string | undefined> {
  const { series, reasons } = options;
  const reason = reasons[place];
  const query = interpolate(expr, choices.variables, options.drawn);
  const isShown = await showsData(query, options);
  if (isShown && reason !== undefined) return `It has data, and the reason says none: ${reason}`;
  if (reason !== undefined) return await explainNowhere(query, series, options);
  const missing = await explainNothing(query, series, options);
  if (missing !== undefined) return `${isShown ? 'A part of it' : 'It'} shows nothing. ${missing}`;
  if (!isShown) return 'It shows nothing, although there are series for each selector.';
  for (const variable of choices.variables) {
    const problem = await checkPicks({ expr, query, variable }, choices, options);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Some value of the variable, chosen alone, must have data: it is the data of "All". */
async function checkPicks(
  { expr, query, variable }: { expr: string; query: string; variable: ChosenVariable },
  { pick }: Choices,
  options: CheckPanelsOptions,
): Promise<string | undefined> {
  const { name, chosen } = variable;
  for (const value of chosen) {
    const picked = interpolate(expr, await pick({ name, value }), options.drawn);
    if (picked === query || (await showsData(picked, options))) return undefined;
  }
  return `With one ${name} chosen it shows nothing, whichever it is: ${chosen.join(', ')}.`;
}

async function showsData(query: string, options: CheckPanelsOptions): Promise<boolean> {
  const { promql, fences, signal } = options;
  if (hasData(await drawQuery(query, options))) return true;
  for (const atSeconds of fences) {
    const rows = await promql.instant(query, { atSeconds, signal });
    if (rows.some(({ value }) => !Number.isNaN(value))) return true;
  }
  return false;
}

function uselessReason(place: string): Finding {
  const message = `tally.config.ts says why ${place} is empty, and no dashboard has that query.`;
  return { check: `dashboards/${place}`, message };
}
