import { describe, expect, test } from 'vitest';
import { explainEscaping, withHardValue } from './explain-escaping.ts';
import { interpolate } from './interpolate.ts';

const HOUR = { rangeMs: 3_600_000, scrapeIntervalMs: 15_000, pointsMax: 1_500 };
const JOB = { name: 'job', multi: false, includeAll: false, chosen: ['service'] };
const MODEL = { name: 'model', multi: true, includeAll: true, chosen: ['a'], allValue: '.+' };

/** What is wrong with the query when one of its variables has a hard value. */
function explain(query: string): string | undefined {
  const variables = [JOB, MODEL];
  for (const variable of variables) {
    const hard = interpolate(query, withHardValue(variables, variable.name), HOUR);
    const problem = explainEscaping(hard, variable);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

describe('explainEscaping', () => {
  test('finds nothing where a variable stands behind the operator it is escaped for', () => {
    expect(explain('up{job="$job", model=~"$model"} / up{job!="$job", model!~"$model"}')).toBe(
      undefined,
    );
  });

  test('a single value in a regular expression selects its neighbours too', () => {
    expect(explain('up{job=~"$job.*"}')).toMatch(/Grafana writes \$job as one value, for =\.$/);
    expect(explain('up{job!~"$job"}')).toMatch(/\$job as one value/);
  });

  test('several values are no plain string', () => {
    expect(explain('up{model="$model"}')).toMatch(/^up{.* does not select model needle/);
  });
});
