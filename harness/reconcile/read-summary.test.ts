import { expect, test } from 'vitest';
import { leafPaths, valueAt } from './read-summary.ts';

const summary = { epoch: 3, http: { total: 0, top: ['a', 'b'], reason: null } };

test('finds a value at a dotted path, and nothing where there is none', () => {
  expect(valueAt(summary, 'http.total')).toBe(0);
  expect(valueAt(summary, 'http.missing')).toBeUndefined();
  expect(valueAt(summary, 'epoch.deeper')).toBeUndefined();
});

test('lists every leaf; a list and a null are leaves', () => {
  expect(leafPaths(summary)).toEqual(['epoch', 'http.total', 'http.top', 'http.reason']);
});
