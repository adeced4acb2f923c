import { type SyntaxNode, syntaxOf } from './syntax.ts';

const COMPARISONS: readonly string[] = ['Gtr', 'Gte', 'Lss', 'Lte'];
const PRODUCT = /^\s*-?[\d.]+(?:e[+-]?\d+)?(?:\s*\*\s*[\d.]+(?:e[+-]?\d+)?)*\s*$/i;

const CONDITIONS: readonly string[] = ['And', 'Unless'];

/**
 * The numbers, or products of numbers, that an expression's values must be above or below. 0 is left
 * out: "any at all" is no threshold. So is what stands behind "and" or "unless": it is asked of
 * other values than those that the expression answers.
 */
export function thresholdsOf(expression: string): number[] {
  const nodes = syntaxOf(expression);
  const found = nodes
    .filter(({ name }) => COMPARISONS.includes(name))
    .filter((comparison) => !isCondition(comparison, nodes))
    .map((comparison) => {
      const around = nodes.filter(
        ({ name, from, to }) =>
          name === 'BinaryExpr' && from < comparison.from && to > comparison.to,
      );
      const right = expression.slice(comparison.to, around.at(-1)?.to);
      if (!PRODUCT.test(right)) return 0;
      return right.split('*').reduce((product, factor) => product * Number(factor), 1);
    });
  return [...new Set(found)].filter((threshold) => threshold !== 0);
}

function isCondition(comparison: SyntaxNode, nodes: readonly SyntaxNode[]): boolean {
  return nodes
    .filter(({ name }) => CONDITIONS.includes(name))
    .some((operator) => {
      const around = nodes.filter(
        ({ name, from, to }) => name === 'BinaryExpr' && from < operator.from && to > operator.to,
      );
      return comparison.from > operator.to && comparison.to < (around.at(-1)?.to ?? 0);
    });
}
