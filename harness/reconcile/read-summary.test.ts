import { expect, test } from 'vitest';
import { leafPaths } from './read-summary.ts';

test('lists every leaf of a summary; a list and a null are leaves', () => {
  const summary = { epoch: 3, http: { total: 0, top: ['a', 'b'], reason: null } };
  expect(leafPaths(summary)).toEqual(['epoch', 'http.total', 'http.top', 'http.reason']);
});
