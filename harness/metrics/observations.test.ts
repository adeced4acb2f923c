import { describe, expect, test } from 'vitest';
import { compareMovement, type StatedMovement } from './compare-movement.ts';
import { movementBetween } from './movement-between.ts';
import { parseExposition } from './parse-exposition.ts';

/** A histogram of this many observations up to 0.25, 0.5, 1 and beyond. */
function histogram(counts: readonly [number, number, number, number]): string {
  const [a, b, c, d] = counts.map((_, index) => counts.slice(0, index + 1).reduce((x, y) => x + y));
  return `# TYPE wait_seconds histogram
wait_seconds_bucket{route="/",le="0.25"} ${a}
wait_seconds_bucket{route="/",le="0.5"} ${b}
wait_seconds_bucket{route="/",le="1.0"} ${c}
wait_seconds_bucket{route="/",le="+Inf"} ${d}
wait_seconds_sum{route="/"} ${d}
wait_seconds_count{route="/"} ${d}
`;
}

const movement = movementBetween(
  parseExposition(histogram([1, 1, 1, 1])),
  parseExposition(histogram([1, 2, 1, 2])),
  { action: 'two requests' },
);

function differences(stated: StatedMovement): string[] {
  return compareMovement(stated, movement).map(({ kind, key, note }) => `${kind} ${key}: ${note}`);
}

const NAME = 'wait_seconds{route="/"}';

describe('observations of a histogram', () => {
  test.for<[string, StatedMovement]>([
    ['by their count alone', { [NAME]: { count: 2 } }],
    ['above a bound', { [NAME]: { count: 2, above: 0.25 } }],
    ['each between its own bounds', { [NAME]: [{ above: 0.25, upTo: 0.5 }, { above: 1 }] }],
    ['in ranges that overlap', { [NAME]: [{ above: 0.25, upTo: 0.5 }, { above: 0.25 }] }],
    [
      'by the lines of the exposition',
      {
        'wait_seconds_count{route="/"}': 2,
        'wait_seconds_bucket{route="/",le="0.5"}': 1,
        'wait_seconds_bucket{route="/",le="0.25"}': 0,
      },
    ],
  ])('can be stated %s', ([, stated]) => {
    expect(differences(stated)).toEqual([]);
  });

  test.for<[string, StatedMovement, readonly string[]]>([
    [
      'in another number',
      { [NAME]: {} },
      ['different wait_seconds_count{route="/"}: it went from 4 to 6.'],
    ],
    [
      'in a lower bucket',
      { [NAME]: [{ upTo: 0.25 }, { above: 1 }] },
      ['missing wait_seconds_bucket{le="0.25",route="/"}: it stays 1.'],
    ],
    [
      'in a higher bucket',
      { [NAME]: [{ above: 0.5, upTo: 1 }, { above: 1 }] },
      ['different wait_seconds_bucket{le="0.5",route="/"}: it went from 2 to 3.'],
    ],
    [
      'at a bound that the histogram does not have',
      { [NAME]: { count: 2, above: 0.3 } },
      [
        'missing wait_seconds_bucket{le="0.3",route="/"}: wait_seconds_bucket has no such labels. Did you mean "wait_seconds_bucket{le="0.5",route="/"}"?',
      ],
    ],
    [
      'under a name that is misspelt',
      { 'wait_second{route="/"}': { count: 2 } },
      [
        'missing wait_second_count{route="/"}: there is no metric wait_second_count. Did you mean "wait_seconds_count"?',
        'unexplained wait_seconds_count{route="/"}: it went from 4 to 6.',
      ],
    ],
  ])('are found %s', ([, stated, expected]) => {
    expect(differences(stated)).toEqual(expected);
  });

  test('are not stated twice', () => {
    expect(() => differences({ [NAME]: {}, 'wait_seconds_count{route="/"}': 2 })).toThrow(
      'it is stated twice',
    );
  });
});
