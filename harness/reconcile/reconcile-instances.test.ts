import { describe, expect, test } from 'vitest';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { servePrometheus } from '#harness/metrics/scripted-prometheus.ts';
import { type Fact, notAWitness } from './fact.ts';
import { reconcileInstances, selectorOfAll } from './reconcile-instances.ts';

const START = 1_700_000_000;
const NONE = notAWitness('Others are enough here.');
const INSTANCES = ['slot-1', 'slot-2'];
const selectorOf = (instance: string) => `job="service",instance="${instance}"`;

const x = { says: 'x.', labels: [], equality: 'integer', wire: NONE } as const;
const FACTS: readonly Fact[] = [
  {
    ...x,
    name: 'summed',
    database: 'summed',
    summary: { path: 'x' },
    promql: 'sum(x_total{$service})',
  },
  {
    ...x,
    name: 'stored',
    toldByEach: true,
    database: 'stored',
    summary: { path: 'y' },
    promql: 'sum(x_total{$service})',
  },
];

/** Two instances that show these values of x. */
async function reconcileTwo(shown: readonly [number, number], rows: Record<string, number>) {
  const prometheus = await servePrometheus();
  prometheus.scrapes = INSTANCES.map((instance, index) => {
    return { instance, atSeconds: START, up: 1, x: { 1: shown[index] ?? 0 } };
  });
  const family = { name: 'x_total', type: 'counter', help: 'x', samples: [] } as const;
  const exposition = { families: new Map([['x_total', family]]) };
  const states = INSTANCES.map((instance, index) => {
    const summary = { x: shown[index], y: shown[index] };
    return { selector: selectorOf(instance), epoch: 1, summary, exposition };
  });
  const scrapes = states.map(({ selector }) => ({ selector, atSeconds: START }));
  return reconcileInstances(FACTS, {
    evidence: { providerCalls: [], modelLists: [], serviceCalls: [], fencedAtMs: 0 },
    database: { query: async (sql) => [{ value: String(rows[sql]) }] },
    promql: createPromqlClient({ url: prometheus.url }),
    instant: { atSeconds: START, scrapes, states, fencedAtMs: 0 },
    summaryFieldsAside: [],
    withoutFact: {},
  });
}

describe('reconcileInstances', () => {
  test('sums over the instances, and asks each for itself', async () => {
    const { rows, findings } = await reconcileTwo([4, 4], { summed: 8, stored: 4 });
    expect(findings).toEqual([]);
    expect(
      rows.map(({ name, database, summary, promql }) => [name, database, summary, promql]),
    ).toEqual([
      ['summed', '8', '-', '8'],
      ['summed of {job="service",instance="slot-1"}', '-', '4', '4'],
      ['stored of {job="service",instance="slot-1"}', '4', '4', '4'],
      ['summed of {job="service",instance="slot-2"}', '-', '4', '4'],
      ['stored of {job="service",instance="slot-2"}', '4', '4', '4'],
    ]);
  });

  test('finds what one instance alone has wrong', async () => {
    const { findings } = await reconcileTwo([4, 5], { summed: 8, stored: 4 });
    expect(findings.map(({ message }) => message)).toEqual([
      'summed differs: database 8, promql 9. (x.)',
      '{job="service",instance="slot-2"}: stored differs: database 4, summary 5, promql 5. (x.)',
    ]);
  });
});

test('a selector of all instances escapes what a pattern would take otherwise', () => {
  expect(selectorOfAll(['job="s",instance="a.b:1"', 'job="s",instance="c"'])).toBe(
    String.raw`instance=~"a\\.b:1|c",job="s"`,
  );
  expect(selectorOfAll(['job="s"'])).toBe('job="s"');
});
