import type { DatabaseReader } from '#harness/database/database-reader.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Exposition } from '#harness/metrics/exposition.ts';
import type { PinnedInstant } from '#harness/metrics/pinned-instant.ts';
import { checkFamilies } from './check-families.ts';
import { type Fact, notAWitness, type WireEvidence } from './fact.ts';
import { readDatabase } from './read-database.ts';
import { type PromqlReadOptions, readPromql } from './read-promql.ts';
import { readSummary, summaryFields } from './read-summary.ts';
import { readWire } from './read-wire.ts';
import { type Reconciliation, reconcileFact } from './reconcile.ts';

/** All that the witnesses need, frozen at one instant. */
export interface FactWitnesses {
  evidence: WireEvidence;
  database: Pick<DatabaseReader, 'query'>;
  /** The summary that was read as the fence. */
  summary: unknown;
  promql: PromqlReadOptions['promql'];
  /** At which Prometheus holds the fence. */
  instant: PinnedInstant;
  /** Matchers that select the service's own series. */
  selector: string;
}

/** And what tells that no fact is missing. */
export interface Witnesses extends FactWitnesses {
  /** Fields of the summary that are no quantity, e.g. the epoch. */
  summaryFieldsAside: readonly string[];
  /** The metrics at rest, as read from the service itself. */
  exposition: Pick<Exposition, 'families'>;
  /** Why no fact asks for a family, by its name or the beginning of it. */
  withoutFact: Readonly<Record<string, string>>;
}

/** Asks every witness of every fact and compares; every number and every family needs a fact. */
export async function reconcileAll(
  facts: readonly Fact[],
  witnesses: Witnesses,
): Promise<Reconciliation> {
  const { rows, findings } = await reconcileFacts(facts, witnesses);
  return { rows, findings: [...findings, ...checkShown(facts, witnesses)] };
}

/** Every number of the summary and every family belongs to a fact. */
export function checkShown(
  facts: readonly Fact[],
  witnesses: Pick<Witnesses, 'summary' | 'summaryFieldsAside' | 'exposition' | 'withoutFact'>,
): Finding[] {
  const families = new Set(witnesses.exposition.families.keys());
  return [
    ...unclaimedFields(facts, witnesses),
    ...checkFamilies(facts, { families, reasons: witnesses.withoutFact }),
  ];
}

/** Asks every witness of the given facts and compares. */
export async function reconcileFacts(
  facts: readonly Fact[],
  witnesses: FactWitnesses,
): Promise<Reconciliation> {
  const reconciled: Reconciliation[] = [];
  for (const fact of facts) reconciled.push(await reconcileOne(fact, witnesses));
  return joined(reconciled);
}

const GONE = notAWitness('The process is gone.');

/** Compares what outlives a process that was killed: both wires, and the rows. */
export async function reconcileDurable(
  facts: readonly Fact[],
  { evidence, database }: Pick<Witnesses, 'evidence' | 'database'>,
): Promise<Reconciliation> {
  const durable = facts.filter(
    (fact) => typeof fact.wire === 'function' && typeof fact.database === 'string',
  );
  const reconciled: Reconciliation[] = [];
  for (const fact of durable) {
    const rows = await readDatabase(fact, database);
    const wire = readWire(fact, evidence);
    reconciled.push(reconcileFact(fact, { wire, database: rows, summary: GONE, promql: GONE }));
  }
  return joined(reconciled);
}

function joined(reconciled: readonly Reconciliation[]): Reconciliation {
  return {
    rows: reconciled.flatMap(({ rows }) => rows),
    findings: reconciled.flatMap(({ findings }) => findings),
  };
}

async function reconcileOne(fact: Fact, witnesses: FactWitnesses): Promise<Reconciliation> {
  const { evidence, database, summary } = witnesses;
  const [rows, samples] = await Promise.all([
    readDatabase(fact, database),
    readPromql(fact, witnesses),
  ]);
  return reconcileFact(fact, {
    wire: readWire(fact, evidence),
    database: rows,
    summary: readSummary(fact, summary),
    promql: samples,
  });
}

function unclaimedFields(
  facts: readonly Fact[],
  { summary, summaryFieldsAside }: Pick<Witnesses, 'summary' | 'summaryFieldsAside'>,
): Finding[] {
  const claimed = new Set(
    facts.flatMap((fact) => ('path' in fact.summary ? [fact.summary.path] : [])),
  );
  return summaryFields(summary, summaryFieldsAside)
    .filter((path) => !claimed.has(path))
    .map((path) => ({
      check: 'reconciliation/summary_field_without_fact',
      message: `The summary shows ${path}, which belongs to no fact: nobody would notice if it were wrong.`,
      fix: 'State a fact with this path and its other witnesses.',
    }));
}
