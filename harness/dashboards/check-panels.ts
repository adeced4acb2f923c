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
  const findings: Finding[] = [];
  const unknown = new Set(Object.keys(options.reasons));
  let queries = 0;
  for (const dashboard of dashboards) {
    const variables = await asFinding(
      `dashboards/${dashboard.uid}/variables`,
      () => chooseBoth(dashboard, options),
      findings,
    );
    for (const { id, title, targets } of dashboard.panels) {
      for (const { refId, expr } of targets) {
        const place = `${dashboard.uid}/${id}/${refId}`;
        unknown.delete(place);
        queries += 1;
        if (variables === undefined) continue;
        const problem = await asFinding(
          `dashboards/${place}`,
          () => drawQuery(expr, variables, { ...options, reason: options.reasons[place] }),
          findings,
        );
        if (problem === undefined) continue;
        const message = `"${dashboard.title}" / "${title}": ${problem}\nquery: ${expr}`;
        findings.push({ check: `dashboards/${place}`, message });
      }
    }
  }
  return { queries, findings: [...findings, ...[...unknown].map(uselessReason)] };
}

interface Choices {
  all: readonly ChosenVariable[];
  one: readonly ChosenVariable[];
}

async function chooseBoth(dashboard: Dashboard, live: LiveData): Promise<Choices> {
  const all = await chooseVariables(dashboard, 'all', live);
  return { all, one: await chooseVariables(dashboard, 'one', live) };
}

/** What is wrong with one query, if anything. */
async function drawQuery(
  expr: string,
  { all, one }: Choices,
  {
    promql,
    atSeconds,
    drawn,
    signal,
    series,
    reason,
  }: CheckPanelsOptions & { reason?: string | undefined },
): Promise<string | undefined> {
  const query = interpolate(expr, all, drawn);
  // Like a panel's query, a subquery is evaluated at multiples of its step; the last one rounds up,
  // so that what happened since the one before is seen.
  const stepSeconds = intervalMs(drawn) / 1_000;
  const drawnSeries = await promql.stored(
    `(${query}\n)[${drawn.rangeMs}ms:${stepSeconds * 1_000}ms]`,
    {
      atSeconds: Math.ceil(atSeconds / stepSeconds) * stepSeconds,
      signal,
    },
  );
  const hasData = drawnSeries.some(({ samples }) =>
    samples.some(({ value }) => !Number.isNaN(value)),
  );
  if (hasData && reason !== undefined) return `It has data, and the reason says none: ${reason}`;
  for (const choice of [all, one]) {
    for (const selector of selectorsOf(interpolate(expr, choice, drawn))) {
      const missing = explainSelector(selector, series);
      if (missing !== undefined) return `It shows nothing. ${missing}`;
    }
  }
  if (hasData || reason !== undefined) return undefined;
  return 'It shows nothing, although there are series for each selector.';
}

/** What the dashboard is to blame for becomes a finding; undefined then. */
async function asFinding<T>(
  check: string,
  work: () => Promise<T>,
  findings: Finding[],
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const isRefused = error instanceof HarnessError && error.code === 'H_METRICS_QUERY_REFUSED';
    if (!(error instanceof DashboardProblem || isRefused)) throw error;
    findings.push({ check, message: error.message });
    return undefined;
  }
}

function uselessReason(place: string): Finding {
  const message = `tally.config.ts says why ${place} is empty, and no dashboard has that query.`;
  return { check: `dashboards/${place}`, message };
}
