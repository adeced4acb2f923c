import { describe, expect, test } from 'vitest';

import { wireSchema } from './format.ts';

describe('wire times', () => {
  test('start at byte 0 and only go on', () => {
    expect(
      wireSchema.parse([
        [0, 0],
        [10, 0],
        [11, 5.5],
      ]),
    ).toHaveLength(3);
  });

  test.for([
    ['no chunk', []],
    ['a late first chunk', [[1, 0]]],
    [
      'an empty chunk',
      [
        [0, 0],
        [0, 1],
      ],
    ],
    [
      'a chunk before its predecessor',
      [
        [0, 0],
        [10, 1],
        [5, 2],
      ],
    ],
    [
      'time that runs back',
      [
        [0, 5],
        [10, 1],
      ],
    ],
    [
      'a part of a byte',
      [
        [0, 0],
        [1.5, 1],
      ],
    ],
  ] as const)('refuse %s', ([, chunks]) => {
    expect(wireSchema.safeParse(chunks).success).toBe(false);
  });
});
