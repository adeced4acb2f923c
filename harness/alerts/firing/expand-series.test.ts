import { expect, test } from 'vitest';
import { expandSeries } from './expand-series.ts';

test.for([
  ['1 2+3x2 _', [1, 2, 5, 8, undefined]],
  ['0x2 -1-0.5x1', [0, 0, 0, -1, -1.5]],
  ['_x2 stale 1e12', [undefined, undefined, undefined, 1e12]],
  ['Inf NaN oops', [Number.POSITIVE_INFINITY, Number.NaN, Number.NaN]],
] as const)('%s stands for %s', ([values, samples]) => {
  expect(expandSeries(values)).toEqual(samples);
});
