import type { Labels } from '#harness/metrics/exposition.ts';
import { readSeries } from '#harness/metrics/read-series.ts';
import type { SettledInstant, TargetState } from '#harness/metrics/settle.ts';
import { type Fact, notAWitness, WITNESSES, type WitnessName } from './fact.ts';
import type { Reconciliation } from './reconcile.ts';
import { checkShown, reconcileFacts, type Witnesses } from './reconcile-all.ts';

export interface InstancesWitnesses
  extends Pick<
    Witnesses,
    'evidence' | 'database' | 'promql' | 'summaryFieldsAside' | 'withoutFact'
  > {
  /** settleAll() of every instance. */
  instant: SettledInstant<unknown>;
}

const TELLS_OF_ITSELF = notAWitness('A summary tells of its own instance.');
const TELLS_OF_ALL = notAWitness('It tells of all instances together.');

/**
 * The same for several instances of one service on one database. Both wires and the rows tell of
 * all instances, and so does PromQL by its sums; each summary is compared with what PromQL says of
 * its instance. Facts that are `toldByEach` are never summed.
 */
export async function reconcileInstances(
  facts: readonly Fact[],
  witnesses: InstancesWitnesses,
): Promise<Reconciliation> {
  const { states } = witnesses.instant;
  const summed = facts.filter(({ toldByEach = false }) => !toldByEach);
  const ofAll = await reconcileFacts(
    witnessed(summed.map((fact) => ({ ...fact, summary: TELLS_OF_ITSELF }))),
    { ...witnesses, summary: {}, selector: selectorOfAll(states.map(({ selector }) => selector)) },
  );
  const ofEach = witnessed(
    facts.map(({ toldByEach = false, ...fact }) => ({
      ...fact,
      wire: TELLS_OF_ALL,
      database: toldByEach ? fact.database : TELLS_OF_ALL,
    })),
  );
  const each = states.map((state) => ofInstance({ facts, ofEach }, state, witnesses));
  const all = [ofAll, ...(await Promise.all(each))];
  return {
    rows: all.flatMap(({ rows }) => rows),
    findings: all.flatMap(({ findings }) => findings),
  };
}

async function ofInstance(
  { facts, ofEach }: { facts: readonly Fact[]; ofEach: readonly Fact[] },
  { selector, summary, exposition }: TargetState<unknown>,
  witnesses: InstancesWitnesses,
): Promise<Reconciliation> {
  const { rows, findings } = await reconcileFacts(ofEach, { ...witnesses, selector, summary });
  const shown = checkShown(facts, { ...witnesses, summary, exposition });
  return {
    rows: rows.map((row) => ({ ...row, name: `${row.name} of {${selector}}` })),
    findings: [...findings, ...shown].map((finding) => ({
      ...finding,
      message: `{${selector}}: ${finding.message}`,
    })),
  };
}

/** A value with one witness proves nothing. */
function witnessed(facts: readonly Fact[]): Fact[] {
  const isWitness = (fact: Fact, name: WitnessName): boolean => {
    const witness = fact[name];
    return typeof witness !== 'object' || !('notAWitness' in witness);
  };
  return facts.filter((fact) => WITNESSES.filter((name) => isWitness(fact, name)).length >= 2);
}

/** Matchers of all series that one of these selects, which differ in the values of their labels. */
export function selectorOfAll(selectors: readonly string[]): string {
  const labels = selectors.map((selector): Labels => readSeries(`x{${selector}}`).series.labels);
  const names = new Set(labels.flatMap((each) => Object.keys(each)));
  return [...names]
    .map((name) => {
      const values = [...new Set(labels.map((each) => each[name] ?? ''))];
      if (values.length === 1) return `${name}=${JSON.stringify(values[0])}`;
      const alternatives = values.map((value) => value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      return `${name}=~${JSON.stringify(alternatives.join('|'))}`;
    })
    .join(',');
}
