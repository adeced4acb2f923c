import { describe, expect, test } from 'vitest';
import { type Fact, notAWitness } from './fact.ts';
import type { Reading } from './reading.ts';
import { type Readings, reconcileFact } from './reconcile.ts';
import { toWitnessValue } from './witness-value.ts';

const fact: Fact = {
  name: 'provider_requests',
  says: 'Requests to providers.',
  labels: [],
  equality: 'integer',
  wire: notAWitness('stands for nothing here'),
  database: 'select 1 as value',
  summary: { path: 'a.b' },
  promql: 'sum(x)',
};

function rows(entries: Record<string, unknown>, equality: Fact['equality'] = 'integer'): Reading {
  return {
    rows: new Map(
      Object.entries(entries).map(([key, said]) => [key, toWitnessValue(said, equality)]),
    ),
  };
}

function readings(said: Partial<Readings>): Readings {
  const none = notAWitness('not asked');
  return { wire: none, database: none, summary: none, promql: none, ...said };
}

describe('reconcileFact', () => {
  test('finds four equal witnesses equal, however they write the number', () => {
    const { rows: compared, findings } = reconcileFact(
      fact,
      readings({
        wire: rows({ '': 12_000_000n }),
        database: rows({ '': '12000000' }),
        summary: rows({ '': 12_000_000 }),
        promql: rows({ '': '1.2e+07' }),
      }),
    );
    expect(findings).toEqual([]);
    expect(compared).toMatchObject([{ wire: '12000000', promql: '12000000', equal: true }]);
  });

  test('names the fact and every value when one witness differs', () => {
    const { findings } = reconcileFact(
      fact,
      readings({ wire: rows({ '': 3 }), database: rows({ '': '3' }), promql: rows({ '': '4' }) }),
    );
    expect(findings).toMatchInlineSnapshot(`
      [
        {
          "check": "reconciliation/provider_requests",
          "message": "provider_requests differs: wire 3, database 3, promql 4. (Requests to providers.)",
        },
      ]
    `);
  });

  test('takes a row that the wire or the database does not list as zero', () => {
    const { findings } = reconcileFact(
      fact,
      readings({ wire: rows({}), database: rows({}), promql: rows({ '{a="1"}': '0' }) }),
    );
    expect(findings).toEqual([]);
  });

  test('does not take an absent series or field as zero', () => {
    const compare = (said: Partial<Readings>) => reconcileFact(fact, readings(said)).rows;
    expect(compare({ wire: rows({ '': 0 }), promql: rows({}) })).toMatchObject([
      { promql: 'absent', equal: false },
    ]);
    expect(compare({ wire: rows({ '': 0 }), summary: rows({ '': undefined }) })).toMatchObject([
      { summary: 'absent', equal: false },
    ]);
  });

  test.for([
    ['N/A', '"N/A" (not a number)'],
    ['NaN', '"NaN" (not a number)'],
    ['', '"" (not a number)'],
    [1.5, '1.5 (not a number)'],
    [2 ** 53, '9007199254740992 (not a number)'],
  ])('refuses %j as an integer', ([said, shown]) => {
    const { rows: compared } = reconcileFact(
      fact,
      readings({ wire: rows({ '': 0 }), summary: rows({ '': said }) }),
    );
    expect(compared).toMatchObject([{ summary: shown, equal: false }]);
  });

  test('never finds a value equal that one witness could not read', () => {
    const { rows: compared, findings } = reconcileFact(
      fact,
      readings({
        wire: { couldNotRead: 'the edge was busy' },
        database: rows({ '': '3' }),
        promql: rows({ '': '3' }),
      }),
    );
    expect(compared).toMatchObject([{ wire: 'could not read', equal: false }]);
    expect(findings[0]?.message).toContain('wire: the edge was busy');
  });

  test('never finds a value equal that only one witness knows', () => {
    const { rows: compared } = reconcileFact(fact, readings({ promql: rows({ '': '3' }) }));
    expect(compared).toMatchObject([{ equal: false }]);
  });

  test('has a finding when no witness could be read at all', () => {
    const { findings } = reconcileFact(fact, readings({ wire: { couldNotRead: 'it is away' } }));
    expect(findings[0]?.message).toBe('provider_requests could not be read: wire: it is away.');
  });

  test('accepts a value inside the range of a race, and none outside it', () => {
    const race = new Map([['', { kind: 'range' as const, min: 2n, max: 5n }]]);
    const equalTo = (said: string) =>
      reconcileFact(
        fact,
        readings({
          wire: { rows: race },
          database: rows({ '': said }),
          promql: rows({ '': said }),
        }),
      ).rows[0]?.equal;
    expect(['1', '2', '5', '6'].map(equalTo)).toEqual([false, true, true, false]);
  });

  test('compares floats bit by bit', () => {
    const float: Fact = { ...fact, equality: 'float64' };
    const equal = (database: string) =>
      reconcileFact(
        float,
        readings({
          summary: rows({ '': 0.30000000000000004 }, 'float64'),
          database: rows({ '': database }, 'float64'),
        }),
      ).rows[0]?.equal;
    expect(equal('0.30000000000000004')).toBe(true);
    expect(equal('0.3')).toBe(false);
  });
});
