import type { PromqlClient } from '#harness/metrics/promql-client.ts';
import { type ChosenVariable, DashboardProblem, interpolate } from './interpolate.ts';
import type { DrawnRange } from './intervals.ts';
import type { Dashboard } from './load-dashboards.ts';

export interface LiveData {
  promql: PromqlClient;
  /** The end of the time range. */
  atSeconds: number;
  drawn: DrawnRange;
  signal: AbortSignal;
}

/** "all": as a dashboard is opened. "one": a single value of each, the hardest to escape. */
export type Choice = 'all' | 'one';

/**
 * The dashboard's variables, each with what is chosen; it may use the ones before it. Throws
 * DashboardProblem.
 */
export async function chooseVariables(
  { templating }: Dashboard,
  choice: Choice,
  { promql, atSeconds, drawn, signal }: LiveData,
): Promise<ChosenVariable[]> {
  const variables: ChosenVariable[] = [];
  for (const { name, type, query, multi, includeAll, allValue } of templating.list) {
    if (type === 'datasource') continue;
    const [, selector, label] = /^label_values\((.+),\s*(\w+)\)\s*$/.exec(query) ?? [];
    if (selector === undefined) {
      throw new DashboardProblem(`The variable ${name} asks something unknown: ${query}`);
    }
    const existing = `count by (${label}) (${interpolate(selector, variables, drawn)})`;
    const rows = await promql.instant(existing, { atSeconds, signal });
    const offered = rows.flatMap(({ labels }) => labels[label ?? ''] ?? []).sort();
    const one = hardest(offered);
    if (one === undefined) {
      throw new DashboardProblem(`The variable ${name} offers no value: ${existing}`);
    }
    const isAll = includeAll && choice === 'all';
    const chosen = isAll ? offered : [one];
    variables.push({ name, multi, includeAll, chosen, ...(isAll && allValue && { allValue }) });
  }
  return variables;
}

/** The value with the most characters that mean something in a regular expression. */
function hardest(values: readonly string[]): string | undefined {
  const specials = (value: string): number => value.replaceAll(/\w/g, '').length;
  return [...values].sort((a, b) => specials(b) - specials(a))[0];
}
