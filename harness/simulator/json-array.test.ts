import { expect, test } from 'vitest';

import { splitJsonArray } from './json-array.ts';

const ELEMENTS = ['{\n  "a": [1, {"b": "}],["}]\n}', '{"é": "\\"\\\\"}', '{}'];
const WHOLE = Buffer.from(`[${ELEMENTS.join('\n,\r\n')}\n]`);

test('splits an array into its elements, whatever their strings hold', () => {
  expect(splitJsonArray(WHOLE).map(({ data }) => data)).toEqual(ELEMENTS);
});

test('ends each element where it closes, and the last one where the array does', () => {
  const ends = splitJsonArray(WHOLE).map(({ end }) => end);
  const first = 1 + Buffer.byteLength(ELEMENTS[0] ?? '');
  const second = first + 4 + Buffer.byteLength(ELEMENTS[1] ?? '');
  expect(ends).toEqual([first, second, WHOLE.length]);
});

test('returns what is complete of an array that is cut anywhere', () => {
  for (let length = 0; length < WHOLE.length; length += 1) {
    const events = splitJsonArray(WHOLE.subarray(0, length));
    expect(events.map(({ data }) => data)).toEqual(ELEMENTS.slice(0, events.length));
    expect(events.every(({ end }) => end <= length)).toBe(true);
  }
});

test('finds nothing in an empty array', () => {
  expect(splitJsonArray(Buffer.from('[]'))).toEqual([]);
  expect(splitJsonArray(Buffer.from(''))).toEqual([]);
});
