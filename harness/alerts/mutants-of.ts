import { parseDuration } from '#harness/promql/parse-duration.ts';
import { type SyntaxNode, syntaxOf } from '#harness/promql/syntax.ts';
import type { Alert } from './load-alerts.ts';

/** An alert that is wrong in exactly one place. */
export interface Mutant {
  /** e.g. `expr: ">" at 77 became "<"`. */
  change: string;
  alert: Alert;
}

const OPERATORS: Readonly<Record<string, string>> = {
  Gtr: '<',
  Gte: '<',
  Lss: '>',
  Lte: '>',
  Eql: '!=',
  Neq: '==',
  Add: '-',
  Sub: '+',
  Mul: '/',
  Div: '*',
  And: 'or',
  Or: 'and',
  Unless: 'and',
  EqlSingle: '!=',
  EqlRegex: '!~',
  NeqRegex: '=~',
};
const FACTORS = [0.8, 1.25];

/** The alert with one operator turned round, one number 20 % off, or its `for` halved or doubled. */
export function mutantsOf(alert: Alert): Mutant[] {
  const inExpression = syntaxOf(alert.expr).flatMap((node) =>
    replacementsOf(node).map((replacement) => ({
      change: `expr: "${node.text}" at ${node.from} became "${replacement}"`,
      alert: {
        ...alert,
        expr: alert.expr.slice(0, node.from) + replacement + alert.expr.slice(node.to),
      },
    })),
  );
  const seconds = parseDuration(alert.for ?? '0');
  const holds = seconds > 0 ? [seconds / 2, seconds * 2] : [];
  return [
    ...inExpression,
    ...holds.map((hold) => ({
      change: `for: ${alert.for} became ${hold}s`,
      alert: { ...alert, for: `${hold}s` },
    })),
  ];
}

function replacementsOf({ name, text, within }: SyntaxNode): readonly string[] {
  // "!=" is Neq in comparisons and in matchers.
  if (name === 'Neq' && within.includes('LabelMatchers')) return ['='];
  const operator = OPERATORS[name];
  if (operator !== undefined) return [operator];
  if (name !== 'NumberDurationLiteral' || Number.isNaN(Number(text))) return [];
  return Number(text) === 0 ? ['1'] : FACTORS.map((factor) => String(factor * Number(text)));
}
