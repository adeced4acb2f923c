import { describe, expect, test } from 'vitest';
import { type Item, type MeasureConfig, measure, percentOf } from './measure.ts';

const items = (covered: string, missing: string): Item[] =>
  [...covered, ...missing].map((name, index) => ({
    name,
    isCovered: index < covered.length,
    lacks: 'nobody saw it',
  }));

const messages = (all: readonly Item[], config: MeasureConfig, notRun?: string) =>
  measure('metricFamilies', all, { config, notRun }).findings.map(({ message }) => message);

describe('measure', () => {
  test('counts what is covered, and is content at the threshold', () => {
    const { measure: counted, findings } = measure('metricFamilies', items('abc', 'd'), {
      config: { percent: 75 },
    });
    expect(counted).toMatchObject({ covered: 3, total: 4, missing: [{ name: 'd' }], excepted: [] });
    expect(findings).toEqual([]);
  });

  test('names everything that is missing below the threshold', () => {
    expect(messages(items('abc', 'de'), { percent: 75 })).toEqual([
      '3 of 5 metric families moved: 60 %, and 75 % are asked for.\nd: nobody saw it\ne: nobody saw it',
    ]);
  });

  test('leaves aside what is excepted with a reason', () => {
    const except = { d: 'needs a full moon' };
    const { measure: counted, findings } = measure('metricFamilies', items('abc', 'd'), {
      config: { percent: 100, except },
    });
    expect(counted).toMatchObject({ covered: 3, total: 3, missing: [] });
    expect(counted.excepted).toEqual([{ name: 'd', reason: 'needs a full moon' }]);
    expect(findings).toEqual([]);
  });

  test.for(['a', 'x*'])('wants no exception for %s, which is covered or not there', (name) => {
    expect(messages(items('a', ''), { percent: 100, except: { [name]: 'why not' } })).toEqual([
      `tally.config.ts says why ${name} may be missing, but it is covered, or not there.`,
    ]);
  });

  test('is neither passed nor failed where what is missing may be covered', () => {
    const told = (config: MeasureConfig) =>
      measure('metricFamilies', items('abc', 'd'), { config, notRun: 'no tests ran' });
    expect(told({ percent: 76 })).toMatchObject({
      findings: [],
      measure: { notRun: 'no tests ran' },
    });
    expect(told({ percent: 75 }).measure).not.toHaveProperty('notRun');
  });

  test('is not passed where there is nothing to cover', () => {
    const { measure: counted } = measure('metricFamilies', [], { config: { percent: 0 } });
    expect(counted.notRun).toBe('there is nothing to cover');
  });

  test('rounds down, so that 100 % is all of it', () => {
    expect(percentOf({ covered: 9_999, total: 10_000 })).toBe(99.9);
  });
});
