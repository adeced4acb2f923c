import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { roundDurationSeconds } from './round-duration.ts';

const duration = fc.double({ min: 0, max: 3_600, noNaN: true });

describe('rounded durations', () => {
  test('sum to the same float in any order', () => {
    fc.assert(
      fc.property(fc.array(duration, { maxLength: 200 }), (seconds) => {
        const rounded = seconds.map(roundDurationSeconds);
        const forwards = rounded.reduce((sum, value) => sum + value, 0);
        const backwards = rounded.toReversed().reduce((sum, value) => sum + value, 0);
        const sorted = rounded.toSorted((a, b) => a - b).reduce((sum, value) => sum + value, 0);
        expect([backwards, sorted]).toEqual([forwards, forwards]);
      }),
    );
  });

  test('are within half a microsecond of the truth', () => {
    fc.assert(
      fc.property(duration, (seconds) => {
        expect(Math.abs(roundDurationSeconds(seconds) - seconds)).toBeLessThanOrEqual(2 ** -21);
      }),
    );
  });

  test('are never negative, so that a sum never falls', () => {
    expect(roundDurationSeconds(-5)).toBe(0);
  });
});
