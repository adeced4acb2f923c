import { matchesLabel } from '#harness/promql/explain-selector.ts';
import { selectorsOf } from '#harness/promql/selectors-of.ts';
import type { ChosenVariable } from './interpolate.ts';

const NEEDLE = 'needle';
/** Grafana escapes no regular expression where only one value can be chosen. */
const HARD_TO_ESCAPE = `${NEEDLE}.a\\b$c{d}`;
/** It does where there may be several. No string of PromQL survives a line break in either. */
const HARD_AMONG_SEVERAL = `${HARD_TO_ESCAPE}'e(f)|g*h+i?j[k]^l`;

/** The same variables, but for one whose value is hard to escape. */
export function withHardValue(
  variables: readonly ChosenVariable[],
  name: string,
): ChosenVariable[] {
  return variables.map((variable) => {
    if (variable.name !== name) return variable;
    const { allValue: _, ...picked } = variable;
    return { ...picked, chosen: [hardValueOf(variable)] };
  });
}

/**
 * Of a query with the hard value of a variable: which matcher takes more than that value, or not
 * even it.
 */
export function explainEscaping(query: string, variable: ChosenVariable): string | undefined {
  const value = hardValueOf(variable);
  const neighbours = [...value].flatMap((char, index) =>
    /\w/.test(char) ? [] : `${value.slice(0, index)}x${value.slice(index + 1)}`,
  );
  const wanted = isSeveral(variable) ? 'several values, for =~' : 'one value, for =';
  const why = `Grafana writes $${variable.name} as ${wanted}.`;
  for (const { text, matchers } of selectorsOf(query)) {
    for (const matcher of matchers.filter((each) => each.value.includes(NEEDLE))) {
      const takes = (other: string): boolean =>
        matchesLabel(matcher, other) === !matcher.operator.startsWith('!');
      if (!takes(value)) return `${text} does not select ${matcher.label} ${value}. ${why}`;
      const wrong = neighbours.find(takes);
      if (wrong !== undefined) return `${text} also selects ${matcher.label} ${wrong}. ${why}`;
    }
  }
  return undefined;
}

function hardValueOf(variable: ChosenVariable): string {
  return isSeveral(variable) ? HARD_AMONG_SEVERAL : HARD_TO_ESCAPE;
}

function isSeveral({ multi, includeAll }: ChosenVariable): boolean {
  return multi || includeAll;
}
