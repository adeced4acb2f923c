import { didYouMean } from '#harness/errors/nearest-name.ts';
import { type DrawnRange, intervalMs, rateIntervalMs } from './intervals.ts';
import type { Variable } from './load-dashboards.ts';

/** A variable with what is chosen; several values only where `multi` or "All" allows them. */
export interface ChosenVariable extends Pick<Variable, 'name' | 'multi' | 'includeAll'> {
  chosen: readonly string[];
  /** What the dashboard itself writes for "All"; it is not escaped. */
  allValue?: string;
}

/** The dashboard cannot be drawn: that is a finding, with this message. */
export class DashboardProblem extends Error {}

const REFERENCE = /\$(\w+)|\[\[(\w+)\]\]|\$\{(\w+)(?::(\w+))?\}/g;

/**
 * A query as Grafana sends it to Prometheus: `$name`, `[[name]]` and `${name}` replaced; without a
 * range, as its browser side sends it to its server, which replaces the built-in variables. Throws
 * DashboardProblem for a variable that the dashboard does not have: Grafana would send its name.
 */
export function interpolate(
  query: string,
  variables: readonly ChosenVariable[],
  drawn?: DrawnRange,
): string {
  const builtIn = drawn === undefined ? LEFT_TO_GRAFANA : builtInVariables(drawn);
  return query.replace(REFERENCE, (reference, plain, bracketed, braced, format?: string) => {
    const name: string = plain ?? bracketed ?? braced;
    if (/^\d+$/.test(name)) return reference; // A group of label_replace().
    if (format !== undefined) throw new DashboardProblem(`The format of ${reference} is unknown.`);
    const variable = variables.find((each) => each.name === name);
    const value = variable === undefined ? builtIn[name] : escapeChosen(variable);
    if (value !== undefined) return value;
    const names = [...variables.map((each) => each.name), ...Object.keys(builtIn)];
    throw new DashboardProblem(`There is no variable ${reference}.${didYouMean(name, names)}`);
  });
}

const LEFT_TO_GRAFANA: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(builtInVariables({ rangeMs: 1, scrapeIntervalMs: 1, pointsMax: 1 })).map((name) => [
    name,
    `$${name}`,
  ]),
);

function builtInVariables(drawn: DrawnRange): Readonly<Record<string, string>> {
  const seconds = Math.round(drawn.rangeMs / 1_000);
  return {
    __interval: `${intervalMs(drawn)}ms`,
    __interval_ms: String(intervalMs(drawn)),
    __rate_interval: `${rateIntervalMs(drawn)}ms`,
    __range: `${seconds}s`,
    __range_s: String(seconds),
    __range_ms: String(drawn.rangeMs),
  };
}

/** As Grafana's Prometheus plugin escapes it: several values become a group of a regular expression. */
function escapeChosen({ chosen, multi, includeAll, allValue }: ChosenVariable): string {
  if (allValue !== undefined) return allValue;
  if (!multi && !includeAll) {
    return (chosen[0] ?? '').replaceAll('\\', '\\\\').replaceAll("'", "\\\\'");
  }
  const escaped = chosen.map((value) =>
    value.replaceAll('\\', '\\\\\\\\').replaceAll(/[$^*{}[\]'+?.()|]/g, '\\\\$&'),
  );
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}
