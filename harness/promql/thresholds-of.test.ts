import { expect, test } from 'vitest';
import { thresholdsOf } from './thresholds-of.ts';

test.for([
  ['a > 5', [5]],
  ['sum(a) / 1e12 >= 100 or b < 2 * 3', [100, 6]],
  ['(a > 14.4 * 0.5) and (b > 14.4 * 0.5) and c > 10', [7.2]],
  ['(a > 1 and b > 2) or c > 3', [1, 3]],
  ['a > 2 * (a offset 1d)', []],
  ['a > 0 unless up == 1', []],
] as const)('%s compares with %s', ([expression, thresholds]) => {
  expect(thresholdsOf(expression)).toEqual(thresholds);
});
