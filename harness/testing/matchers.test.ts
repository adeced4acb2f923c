import { describe, expect, test } from 'vitest';
import { movementBetween } from '#harness/metrics/movement-between.ts';
import { parseExposition } from '#harness/metrics/parse-exposition.ts';
import './matchers.ts';

const movement = movementBetween(parseExposition('x 1\n'), parseExposition('x 2\ny 1\n'), {
  action: 'a request',
});

describe('toEqualMovement', () => {
  test('passes when every change is stated', () => {
    expect(movement).toEqualMovement({ x: 1, y: 1 });
  });

  test('fails on a missing and on an unexplained change, and names the action', () => {
    expect(() => expect(movement).toEqualMovement({ x: 1, z: 1 })).toThrow(
      /did not move as stated during a request:.*missing: there is no metric z.*unexplained: it went from absent to 1\./s,
    );
  });

  test('can be negated', () => {
    expect(movement).not.toEqualMovement({});
    expect(() => expect(movement).not.toEqualMovement({ x: 1, y: 1 })).toThrow(
      'moved exactly as stated during a request',
    );
  });

  test('refuses what is no movement', () => {
    expect(() => expect(Promise.resolve(movement)).toEqualMovement({})).toThrow(
      'takes a movement: await metrics.during(action)',
    );
  });
});
