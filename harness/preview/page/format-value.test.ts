import { describe, expect, test } from 'vitest';
import { formatValue } from './format-value.js';

describe('formatValue', () => {
  test.for([
    [0, 's', '0 s'],
    [0.000_000_511, 's', '511 ns'],
    [0.0123, 's', '12.3 ms'],
    [1, 's', '1 s'],
    [90, 's', '1.50 mins'],
    [5_400, 's', '1.50 hours'],
    [90, 'd', '12.9 weeks'],
    [800, 'd', '2.19 years'],
    [0.072, 'percentunit', '7.20%'],
    [1_500, 'reqps', '1.50K req/s'],
    [-2_000_000, 'ops', '-2M ops/s'],
    [3 * 2 ** 20, 'bytes', '3 MiB'],
    [0.004_2, 'currencyUSD', '$0.00420'],
    [12.345, 'none', '12.3'],
    [1_234_567, 'none', '1234567'],
    [7, 'unheard of', '7'],
  ] as const)('%d in %s is %s', ([value, unit, text]) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});
