import { expect, test } from 'vitest';
import { valueAt } from './value-at.ts';

const answer = { epoch: 3, http: { total: 0 }, data: [{ id: 'a' }] };

test('finds a value at a dotted path, in lists too, and nothing where there is none', () => {
  expect(valueAt(answer, 'http.total')).toBe(0);
  expect(valueAt(answer, 'data.0.id')).toBe('a');
  expect(valueAt(answer, 'http.missing')).toBeUndefined();
  expect(valueAt(answer, 'epoch.deeper')).toBeUndefined();
});
