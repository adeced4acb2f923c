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

/** One value of one variable, as somebody chooses it in Grafana. */
export interface Pick {
  name: string;
  value: string;
}

/**
 * The dashboard's variables as it is opened, but for the one that is picked; each may use the ones
 * before it. Throws DashboardProblem.
 */
export async function chooseVariables(
  { templating }: Dashboard,
  { promql, atSeconds, drawn, signal }: LiveData,
  pick?: Pick,
): Promise<ChosenVariable[]> {
  const variables: ChosenVariable[] = [];
  for (const { name, type, query, multi, includeAll, allValue } of templating.list) {
    if (type === 'datasource') continue;
    const [, selector, label] = /^label_values\((.+),\s*(\w+)\)\s*$/.exec(query) ?? [];
    if (selector === undefined) {
      throw new DashboardProblem(`The variable ${name} asks something unknown: ${query}`);
    }
    // Grafana offers what there was in the time range, and not only what there is at its end.
    const seen = `present_over_time(${interpolate(selector, variables, drawn)}[${drawn.rangeMs}ms])`;
    const existing = `count by (${label}) (${seen})`;
    const rows = await promql.instant(existing, { atSeconds, signal });
    const offered = rows.flatMap(({ labels }) => labels[label ?? ''] ?? []).sort();
    if (offered[0] === undefined) {
      throw new DashboardProblem(`The variable ${name} offers no value: ${existing}`);
    }
    const picked = pick?.name === name ? [pick.value] : undefined;
    const chosen = picked ?? (includeAll ? offered : [offered[0]]);
    const isRaw = includeAll && picked === undefined && allValue;
    variables.push({ name, multi, includeAll, chosen, ...(isRaw && { allValue }) });
  }
  return variables;
}
