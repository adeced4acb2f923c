import { expect, test } from 'vitest';
import type { DatabaseReader } from '#harness/database/database-reader.ts';
import { type Fact, notAWitness, type WireEvidence } from './fact.ts';
import { reconcileDurable } from './reconcile-all.ts';

const evidence: WireEvidence = {
  providerCalls: [],
  modelLists: [],
  serviceCalls: [],
  fencedAtMs: 0,
};

function answering(value: string): DatabaseReader {
  return { query: async () => [{ value }] } as unknown as DatabaseReader;
}

const calls: Fact = {
  name: 'calls',
  says: 'Calls.',
  labels: [],
  equality: 'integer',
  wire: () => [{ labels: {}, value: 3 }],
  database: 'select 3 as value',
  summary: { path: 'calls' },
  promql: 'sum(calls_total)',
};

test('compares the wire with the rows, and asks nobody who is gone', async () => {
  const database = answering('3');
  const { rows, findings } = await reconcileDurable([calls], { evidence, database });
  expect(findings).toEqual([]);
  expect(rows).toMatchObject([
    { name: 'calls', wire: '3', database: '3', summary: '-', promql: '-', equal: true },
  ]);
});

test('finds a row that the killed process has not written', async () => {
  const { findings } = await reconcileDurable([calls], { evidence, database: answering('2') });
  expect(findings[0]?.message).toBe('calls differs: wire 3, database 2. (Calls.)');
});

test('leaves out what only a living process can tell', async () => {
  const facts = [
    { ...calls, wire: notAWitness('Not on the wire.') },
    { ...calls, database: notAWitness('Not stored.') },
  ];
  const { rows } = await reconcileDurable(facts, { evidence, database: answering('9') });
  expect(rows).toEqual([]);
});
