import { expect, test } from 'vitest';
import { changePath, leafPathsOf } from './change-path.ts';

const VALUE = {
  id: 'x',
  list: [
    { n: 1, s: 'a' },
    { n: 2, s: null },
  ],
  deep: { is: true },
};

test.for([
  ['id', 'removed', { ...VALUE, id: undefined }],
  ['id', 'retyped', { ...VALUE, id: 7 }],
  ['id', 'changed', { ...VALUE, id: 'changed' }],
  [
    'list[].n',
    'changed',
    {
      ...VALUE,
      list: [
        { n: 2, s: 'a' },
        { n: 3, s: null },
      ],
    },
  ],
  [
    'list[].n',
    'retyped',
    {
      ...VALUE,
      list: [
        { n: 'retyped', s: 'a' },
        { n: 'retyped', s: null },
      ],
    },
  ],
  ['deep.is', 'changed', { ...VALUE, deep: { is: false } }],
  ['deep', 'changed', { ...VALUE, deep: { changed: true } }],
] as const)('%s is %s wherever it stands', ([path, change, expected]) => {
  expect(changePath(VALUE, path, change)).toEqual(expected);
});

test('null is left alone', () => {
  expect(changePath(VALUE, 'list[].s', 'changed')).toEqual({
    ...VALUE,
    list: [
      { n: 1, s: 'changed' },
      { n: 2, s: null },
    ],
  });
});

test('a path that is not there changes nothing, and says so', () => {
  expect(changePath(VALUE, 'list[].m', 'removed')).toBeUndefined();
  expect(changePath('text', 'id', 'removed')).toBeUndefined();
});

test('the leaves are named each once', () => {
  expect(leafPathsOf(VALUE)).toEqual(['id', 'list[].n', 'list[].s', 'deep.is']);
});
