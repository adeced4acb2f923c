import type { Finding } from '#harness/findings/finding.ts';
import { type Fact, WITNESSES, type WitnessName } from './fact.ts';
import type { Reading } from './reading.ts';
import { agree, showValue, type WitnessValue } from './witness-value.ts';

/** One value of one fact, side by side, as the verdict shows it. */
export interface FactRow {
  name: string;
  /** e.g. `{provider="openai",outcome="cut"}`; "" for a single value. */
  labels: string;
  wire: string;
  database: string;
  summary: string;
  promql: string;
  equal: boolean;
}

export type Readings = Readonly<Record<WitnessName, Reading>>;

export interface Reconciliation {
  rows: readonly FactRow[];
  findings: readonly Finding[];
}

/** Compares all witnesses of one fact, value by value. Pure: the readings were made before. */
export function reconcileFact(fact: Fact, readings: Readings): Reconciliation {
  const unread = WITNESSES.flatMap((witness) => {
    const reading = readings[witness];
    return 'couldNotRead' in reading ? [`${witness}: ${reading.couldNotRead}`] : [];
  });
  const rows = labelSets(readings).map((labels) => compareRow(fact, labels, readings));
  const findings = rows
    .filter((row) => !row.equal)
    .map((row) => differenceFinding(fact, row, unread));
  if (rows.length === 0 && unread.length > 0) {
    findings.push({
      check: checkName(fact),
      message: `${fact.name} could not be read: ${unread.join('; ')}.`,
    });
  }
  return { rows, findings };
}

function checkName(fact: Fact): string {
  return `reconciliation/${fact.name}`;
}

/** A label set with nothing but zeros and silence is no value of the fact. */
function labelSets(readings: Readings): string[] {
  const keys = new Set<string>();
  for (const witness of WITNESSES) {
    const reading = readings[witness];
    if (!('rows' in reading)) continue;
    for (const [key, value] of reading.rows) {
      if (key === '' || !isZero(value)) keys.add(key);
    }
  }
  return [...keys].sort();
}

function isZero(value: WitnessValue): boolean {
  return value.kind === 'exact' && (value.value === 0n || value.value === 0);
}

function compareRow(fact: Fact, labels: string, readings: Readings): FactRow {
  const shown: Partial<Record<WitnessName, string>> = {};
  const said: WitnessValue[] = [];
  let allRead = true;
  for (const witness of WITNESSES) {
    const reading = readings[witness];
    const value = 'rows' in reading ? valueFor(fact, witness, reading.rows.get(labels)) : undefined;
    if (value !== undefined) said.push(value);
    if ('couldNotRead' in reading) allRead = false;
    shown[witness] = 'couldNotRead' in reading ? 'could not read' : showValue(value);
  }
  const allAgree = said.every((one, index) =>
    said.slice(index + 1).every((other) => agree(one, other)),
  );
  const { wire = '-', database = '-', summary = '-', promql = '-' } = shown;
  const equal = allRead && said.length >= 2 && allAgree;
  return { name: fact.name, labels, wire, database, summary, promql, equal };
}

/** undefined: no witness of this value. */
function valueFor(
  { equality }: Fact,
  witness: WitnessName,
  value: WitnessValue | undefined,
): WitnessValue | undefined {
  if (value !== undefined) return value;
  // PromQL and the summary publish values: one that is not published is absent, which is not zero.
  // The wire and the database list events: none listed means that none happened.
  if (witness === 'promql' || witness === 'summary') return { kind: 'absent' };
  if (equality === 'text') return undefined;
  return { kind: 'exact', value: equality === 'integer' ? 0n : 0 };
}

function differenceFinding(fact: Fact, row: FactRow, unread: readonly string[]): Finding {
  const said = WITNESSES.filter((witness) => row[witness] !== '-')
    .map((witness) => `${witness} ${row[witness]}`)
    .join(', ');
  const why = unread.length > 0 ? ` Could not be read: ${unread.join('; ')}.` : '';
  return {
    check: checkName(fact),
    message: `${fact.name}${row.labels} differs: ${said}. (${fact.says})${why}`,
  };
}
