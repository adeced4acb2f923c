import Table from 'cli-table3';
import type { Verdict } from '#harness/gates/verdict.ts';
import { WITNESSES } from '#harness/reconcile/fact.ts';
import { type Output, PLAIN_TABLE } from './output.ts';

type FactInMode = Verdict['facts'][number];

/** Every value of every fact with its witnesses side by side; equal modes share a line. */
export function printFacts({ line, paint }: Output, facts: readonly FactInMode[]): void {
  if (facts.length === 0) return;
  const table = new Table({
    head: ['fact', 'mode', 'process', ...WITNESSES, 'equal'],
    ...PLAIN_TABLE,
  });
  for (const [mode, row] of mergeModes(facts)) {
    const equal = row.equal ? paint('green', 'yes') : paint('red', 'NO');
    table.push([
      `${row.name}${row.labels.replaceAll('"', '')}`,
      mode,
      row.process,
      ...WITNESSES.map((name) => row[name]),
      equal,
    ]);
  }
  line('');
  line(table.toString());
}

function mergeModes(facts: readonly FactInMode[]): [string, FactInMode][] {
  const lines = new Map<string, [string, FactInMode]>();
  for (const fact of facts) {
    const key = JSON.stringify({ ...fact, mode: undefined });
    const known = lines.get(key);
    lines.set(key, [known === undefined ? fact.mode : 'both', fact]);
  }
  const order = new Map([...facts].map(({ name, labels }, index) => [name + labels, index]));
  const place = ({ name, labels }: FactInMode): number => order.get(name + labels) ?? 0;
  return [...lines.values()].sort(([, one], [, other]) => place(one) - place(other));
}
