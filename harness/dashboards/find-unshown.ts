import type { Finding } from '#harness/findings/finding.ts';
import type { Labels } from '#harness/metrics/exposition.ts';
import { selectorsOf } from '#harness/promql/selectors-of.ts';

export interface FindUnshownOptions {
  series: readonly Labels[];
  /** PromQL of panels and alerts. */
  expressions: readonly string[];
  /** Why a family is shown nowhere, by its name; "*" at the end stands for any more characters. */
  reasons: Readonly<Record<string, string>>;
}

/** The families of the service, those shown nowhere, and a finding for each without a reason. */
export function findUnshown({ series, expressions, reasons }: FindUnshownOptions): {
  families: readonly string[];
  unshown: readonly string[];
  /** Those of them for which no reason is given. */
  unexcused: readonly string[];
  findings: readonly Finding[];
} {
  const names = new Set(series.map(({ __name__ = '' }) => __name__));
  const families = [...new Set([...names].map((name) => familyOf(name, names)))].sort();
  const selected = expressions.flatMap(selectorsOf).map(({ metric }) => familyOf(metric, names));
  const excused = Object.keys(reasons);
  const unshown = families.filter((family) => !selected.includes(family));
  const unexcused = unshown.filter((family) => !excused.some((name) => isNamed(family, name)));
  const useless = excused.filter((name) => !unshown.some((family) => isNamed(family, name)));
  return {
    families,
    unshown,
    unexcused,
    findings: [
      ...unexcused.map((family) => ({
        check: `dashboards/unshown/${family}`,
        message: `No panel and no alert looks at ${family}.`,
        fix: 'Show it, or say in `dashboards.notShown` of tally.config.ts why nobody needs it.',
      })),
      ...useless.map((name) => ({
        check: `dashboards/unshown/${name}`,
        message: `tally.config.ts says why ${name} is not shown, but it is shown, or not there.`,
      })),
    ],
  };
}

/** A histogram's samples have names of their own. */
function familyOf(name: string, names: ReadonlySet<string>): string {
  const base = name.replace(/_(?:bucket|sum|count)$/, '');
  return names.has(`${base}_bucket`) ? base : name;
}

function isNamed(family: string, name: string): boolean {
  return name.endsWith('*') ? family.startsWith(name.slice(0, -1)) : family === name;
}
