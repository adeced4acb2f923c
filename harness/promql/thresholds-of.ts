import { syntaxOf } from './syntax.ts';

const COMPARISONS: readonly string[] = ['Gtr', 'Gte', 'Lss', 'Lte'];
const PRODUCT = /^\s*-?[\d.]+(?:e[+-]?\d+)?(?:\s*\*\s*[\d.]+(?:e[+-]?\d+)?)*\s*$/i;

/**
 * The numbers, or products of numbers, that an expression's values must be above or below. 0 is left
 * out: "any at all" is no threshold.
 */
export function thresholdsOf(expression: string): number[] {
  const nodes = syntaxOf(expression);
  const found = nodes
    .filter(({ name }) => COMPARISONS.includes(name))
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
