import { describe, expect, test } from 'vitest';
import { mutantsOf } from './mutants-of.ts';

describe('mutantsOf', () => {
  const alert = { alert: 'Loud', labels: {}, annotations: {}, file: 'a.rules.yml' };

  test('turns each operator round, moves each number, halves and doubles the wait', () => {
    const expr = 'rate(a_total{kind!="b"}[5m]) / 60 > 10 unless on (job) up == 0';
    const mutants = mutantsOf({ ...alert, expr, for: '2m' });
    expect(mutants.map((mutant) => [mutant.alert.expr, mutant.alert.for])).toEqual([
      ['rate(a_total{kind="b"}[5m]) / 60 > 10 unless on (job) up == 0', '2m'],
      ['rate(a_total{kind!="b"}[5m]) * 60 > 10 unless on (job) up == 0', '2m'],
      ['rate(a_total{kind!="b"}[5m]) / 48 > 10 unless on (job) up == 0', '2m'],
      ['rate(a_total{kind!="b"}[5m]) / 75 > 10 unless on (job) up == 0', '2m'],
      ['rate(a_total{kind!="b"}[5m]) / 60 < 10 unless on (job) up == 0', '2m'],
      ['rate(a_total{kind!="b"}[5m]) / 60 > 8 unless on (job) up == 0', '2m'],
      ['rate(a_total{kind!="b"}[5m]) / 60 > 12.5 unless on (job) up == 0', '2m'],
      ['rate(a_total{kind!="b"}[5m]) / 60 > 10 and on (job) up == 0', '2m'],
      ['rate(a_total{kind!="b"}[5m]) / 60 > 10 unless on (job) up != 0', '2m'],
      ['rate(a_total{kind!="b"}[5m]) / 60 > 10 unless on (job) up == 1', '2m'],
      [expr, '60s'],
      [expr, '240s'],
    ]);
  });

  test('says what it changed', () => {
    const [first] = mutantsOf({ ...alert, expr: 'up == 0' });
    expect(first?.change).toBe('expr: "==" at 3 became "!="');
  });
});
