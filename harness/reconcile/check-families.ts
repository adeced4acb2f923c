import { didYouMean } from '#harness/errors/nearest-name.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { selectorsOf } from '#harness/promql/selectors-of.ts';
import type { Fact } from './fact.ts';

export interface FamiliesShown {
  /** Names of the families that /metrics holds. */
  families: ReadonlySet<string>;
  /** Why no fact asks for a family, by its name; "*" at the end stands for any more characters. */
  reasons: Readonly<Record<string, string>>;
}

/** Every family belongs to a fact, and every fact asks for families that there are. */
export function checkFamilies(
  facts: readonly Fact[],
  { families, reasons }: FamiliesShown,
): Finding[] {
  const asked = facts.flatMap((fact) => familiesOf(fact, families).map((name) => ({ fact, name })));
  const excused = Object.keys(reasons);
  const unasked = [...families].filter((family) => asked.every(({ name }) => name !== family));
  const unwatched = unasked.filter((family) => !excused.some((name) => isNamed(family, name)));
  const useless = excused.filter((name) => !unasked.some((family) => isNamed(family, name)));
  return [
    ...asked
      .filter(({ name }) => !families.has(name))
      .map(({ fact, name }) => ({
        check: `reconciliation/${fact.name}`,
        message: `${fact.name} asks for ${name}, which the service does not export.${didYouMean(name, unasked)}`,
      })),
    ...unwatched.map((family) => ({
      check: 'reconciliation/family_without_fact',
      message: `The service exports ${family}, which belongs to no fact: nobody would notice if it were wrong.`,
      fix: 'State a fact that asks for it and its other witnesses, or say in `withoutFact` of tally.config.ts why there is none.',
    })),
    ...useless.map((name) => ({
      check: 'reconciliation/family_without_fact',
      message: `tally.config.ts says why no fact asks for ${name}, but one does, or it is not there.`,
    })),
  ];
}

/** A histogram's samples have names of their own. */
function familiesOf({ promql }: Fact, families: ReadonlySet<string>): string[] {
  if (typeof promql !== 'string' && !('query' in promql)) return [];
  const query = typeof promql === 'string' ? promql : promql.query;
  const names = selectorsOf(query.replaceAll('$service', 'job="service"')).map(({ metric }) => {
    const base = metric.replace(/_(?:bucket|sum|count)$/, '');
    return !families.has(metric) && families.has(base) ? base : metric;
  });
  return [...new Set(names)];
}

function isNamed(family: string, name: string): boolean {
  return name.endsWith('*') ? family.startsWith(name.slice(0, -1)) : family === name;
}
