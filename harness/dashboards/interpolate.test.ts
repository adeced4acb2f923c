import { describe, expect, test } from 'vitest';
import { interpolate } from './interpolate.ts';
import { intervalMs, rateIntervalMs } from './intervals.ts';

const HOUR = { rangeMs: 3_600_000, scrapeIntervalMs: 15_000, pointsMax: 1_500 };
const single = { name: 'job', multi: false, includeAll: false };
const many = { name: 'model', multi: true, includeAll: true };

describe('interpolate', () => {
  test('replaces the three ways to name a variable, and leaves groups alone', () => {
    const variables = [{ ...single, chosen: ['service'] }];
    const query = `$job $${'{job}'} [[job]] "$1" "^a$"`;
    expect(interpolate(query, variables, HOUR)).toBe('service service service "$1" "^a$"');
  });

  test('escapes one value for a string, several for a regular expression in it', () => {
    expect(interpolate('$job', [{ ...single, chosen: ["a'\\b"] }], HOUR)).toBe("a\\\\'\\\\b");
    expect(interpolate('$model', [{ ...many, chosen: ['gpt-4.1'] }], HOUR)).toBe('gpt-4\\\\.1');
    expect(interpolate('$model', [{ ...many, chosen: ['a.b', 'c|d'] }], HOUR)).toBe(
      '(a\\\\.b|c\\\\|d)',
    );
  });

  test('leaves what Grafana leaves, though it breaks the query', () => {
    expect(interpolate('up{job="$job"}', [{ ...single, chosen: ['a"b'] }], HOUR)).toBe(
      'up{job="a"b"}',
    );
    expect(interpolate('$model', [{ ...many, chosen: ['a\n"b'] }], HOUR)).toBe('a\n"b');
  });

  test('takes what a dashboard writes for "All" as it is', () => {
    const variables = [{ ...many, chosen: ['a', 'b'], allValue: '.+' }];
    expect(interpolate('$model', variables, HOUR)).toBe('.+');
  });

  test('knows the range and the intervals', () => {
    expect(interpolate('$__interval $__rate_interval $__range $__range_s', [], HOUR)).toBe(
      '15000ms 60000ms 3600s 3600',
    );
  });

  test('refuses a variable that the dashboard does not have', () => {
    const variables = [{ ...single, chosen: ['service'] }];
    expect(() => interpolate('up{job="$jobb"}', variables, HOUR)).toThrow(
      'There is no variable $jobb. Did you mean "job"?',
    );
  });
});

test('an interval is rounded as in Grafana, a rate spans four scrapes', () => {
  const day = { ...HOUR, rangeMs: 86_400_000 };
  expect(intervalMs(day)).toBe(60_000);
  expect(rateIntervalMs(day)).toBe(75_000);
  expect(intervalMs({ ...HOUR, rangeMs: 60_000 })).toBe(15_000);
});
