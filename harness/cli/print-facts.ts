import type { Verdict } from '#harness/gates/verdict.ts';
import { WITNESSES } from '#harness/reconcile/fact.ts';
import type { Output } from './output.ts';

type FactInMode = Verdict['facts'][number];

const HEAD = ['mode', 'process', ...WITNESSES];
/** Longer values, such as lists of names, get a line for each witness. */
const VALUE_WIDTH_MAX = 20;
/** Beside a longer name the values would be too far away to be read along the line. */
const NAME_WIDTH_MAX = 100;
const GAP = '  ';

/**
 * Every value of every fact with its witnesses side by side; equal modes share a line. A name that
 * has no room beside its values has a line of its own.
 */
export function printFacts({ line, paint, columns }: Output, facts: readonly FactInMode[]): void {
  if (facts.length === 0) return;
  const rows = mergeModes(facts).map(toRow);
  const layout = layOut(rows, columns);
  line('');
  line(`${place('fact', layout)}${inColumns(HEAD, layout)}equal`);
  for (const { name, cells, isEqual, isLong } of rows) {
    const equal = isEqual ? paint('green', 'yes') : paint('red', 'NO');
    line(
      isLong
        ? [name, ...listed([...cells, equal])].join(`\n${GAP}`)
        : `${place(name, layout)}${inColumns(cells, layout)}${equal}`,
    );
  }
}

interface FactLine {
  name: string;
  /** As HEAD. */
  cells: readonly string[];
  isEqual: boolean;
  isLong: boolean;
}

function toRow([mode, row]: [string, FactInMode]): FactLine {
  const values = WITNESSES.map((name) => row[name]);
  return {
    name: `${row.name}${row.labels.replaceAll('"', '')}`,
    cells: [mode, String(row.process), ...values],
    isEqual: row.equal,
    isLong: values.some((value) => value.length > VALUE_WIDTH_MAX),
  };
}

interface Layout {
  nameWidth: number;
  widths: readonly number[];
}

/** Names stand beside their values where most of them fit there. */
function layOut(rows: readonly FactLine[], columns: number): Layout {
  const short = rows.filter(({ isLong }) => !isLong);
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...short.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  const values = widths.reduce((sum, width) => sum + width + GAP.length, 'equal'.length);
  const room = Math.min(NAME_WIDTH_MAX, columns - values - GAP.length);
  const fitting = short.map(({ name }) => name.length).filter((length) => length <= room);
  const nameWidth = fitting.length * 2 > short.length ? Math.max(...fitting) : 0;
  return { nameWidth, widths };
}

function place(name: string, { nameWidth }: Layout): string {
  const indent = nameWidth === 0 ? GAP : ' '.repeat(nameWidth) + GAP;
  return name.length <= nameWidth ? name.padEnd(indent.length) : `${name}\n${indent}`;
}

function inColumns(cells: readonly string[], { widths }: Layout): string {
  return cells.map((cell, column) => cell.padEnd(widths[column] ?? 0) + GAP).join('');
}

/** e.g. "mode      both", one line each. */
function listed(cells: readonly string[]): string[] {
  const width = Math.max(...HEAD.map((head) => head.length));
  return cells.map((cell, column) => `${(HEAD[column] ?? 'equal').padEnd(width)}${GAP}${cell}`);
}

function mergeModes(facts: readonly FactInMode[]): [string, FactInMode][] {
  const lines = new Map<string, [string, FactInMode]>();
  for (const fact of facts) {
    const key = JSON.stringify({ ...fact, mode: undefined });
    const known = lines.get(key);
    lines.set(key, [known === undefined ? fact.mode : 'both', fact]);
  }
  const order = new Map([...facts].map(({ name, labels }, index) => [name + labels, index]));
  const placeOf = ({ name, labels }: FactInMode): number => order.get(name + labels) ?? 0;
  return [...lines.values()].sort(([, one], [, other]) => placeOf(one) - placeOf(other));
}
