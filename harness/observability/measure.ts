import type { Finding } from '#harness/findings/finding.ts';

/** What is measured, in the order in which it is told. */
export const MEASURES = {
  metricFamilies: 'metric families moved',
  labelValues: 'label values moved',
  shownFamilies: 'families on a dashboard or in an alert',
  testedAlerts: 'alerts unit-tested',
  firedAlerts: 'alerts fired for real',
  summaryFields: 'summary fields reconciled',
} as const;

export type MeasureName = keyof typeof MEASURES;

/** What must be reached, and what need not be. */
export interface MeasureConfig {
  /** Percent of what is not excepted. */
  percent: number;
  /** Why something may be missing, by its name, in which "*" stands for any characters. */
  except?: Readonly<Record<string, string>>;
}

/** One thing that is to be covered. */
export interface Item {
  name: string;
  isCovered: boolean;
  /** What is missing at it, in one clause, e.g. "no scenario or test moved it". */
  lacks: string;
}

/** How much of one kind of thing is covered. */
export interface Measure {
  name: MeasureName;
  says: string;
  covered: number;
  /** Of so many, what may be missing left aside. */
  total: number;
  /** Percent that is asked for. */
  threshold: number;
  missing: readonly { name: string; lacks: string }[];
  excepted: readonly { name: string; reason: string }[];
  /** Why it could not be told whether the threshold is reached. */
  notRun?: string;
}

export interface Measured {
  measure: Measure;
  findings: readonly Finding[];
}

/** Counts what is covered and compares it with what is asked for. Pure. */
export function measure(
  name: MeasureName,
  items: readonly Item[],
  {
    config: { percent: threshold, except = {} },
    notRun,
  }: {
    config: MeasureConfig;
    /** Why what is missing may be covered for all one knows. */
    notRun?: string | undefined;
  },
): Measured {
  const uncovered = items.filter(({ isCovered }) => !isCovered);
  const reasonOf = (item: Item): string | undefined =>
    Object.entries(except).find(([pattern]) => isNamed(item.name, pattern))?.[1];
  const missing = uncovered.filter((item) => reasonOf(item) === undefined);
  const excepted = uncovered.flatMap((item) => {
    const reason = reasonOf(item);
    return reason === undefined ? [] : [{ name: item.name, reason }];
  });
  const total = items.length - excepted.length;
  const covered = total - missing.length;
  const reached = isReached({ covered, total, threshold });
  const why = total === 0 ? 'there is nothing to cover' : notRun;
  const result = {
    name,
    says: MEASURES[name],
    covered,
    total,
    threshold,
    missing: missing.map(({ name: missed, lacks }) => ({ name: missed, lacks })),
    excepted,
    ...(!reached && why !== undefined && { notRun: why }),
  };
  return {
    measure: result,
    findings: [
      ...(reached || why !== undefined ? [] : [belowThreshold(result)]),
      ...uselessExceptions(result, Object.keys(except), uncovered),
    ],
  };
}

export function isReached({
  covered,
  total,
  threshold,
}: Pick<Measure, 'covered' | 'total' | 'threshold'>): boolean {
  return total > 0 && covered * 100 >= threshold * total;
}

/** Rounded down, so that 100 % is all of it. */
export function percentOf({ covered, total }: Pick<Measure, 'covered' | 'total'>): number {
  return total === 0 ? 0 : Math.floor((covered * 1_000) / total) / 10;
}

function belowThreshold(result: Measure): Finding {
  const { name, says, covered, total, threshold, missing } = result;
  return {
    check: `observability/${name}`,
    message: [
      `${covered} of ${total} ${says}: ${percentOf(result)} %, and ${threshold} % are asked for.`,
      ...missing.map((item) => `${item.name}: ${item.lacks}`),
    ].join('\n'),
    fix: `Cover them, or say in \`observability.${name}.except\` of tally.config.ts why nobody can.`,
  };
}

function uselessExceptions(
  { name }: Measure,
  patterns: readonly string[],
  uncovered: readonly Item[],
): Finding[] {
  return patterns
    .filter((pattern) => !uncovered.some((item) => isNamed(item.name, pattern)))
    .map((pattern) => ({
      check: `observability/${name}/exception`,
      message: `tally.config.ts says why ${pattern} may be missing, but it is covered, or not there.`,
      fix: `Take it out of \`observability.${name}.except\`.`,
    }));
}

/** Whether a pattern names it; "*" stands for any characters. */
export function isNamed(name: string, pattern: string): boolean {
  const expression = pattern.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${expression}$`).test(name);
}
