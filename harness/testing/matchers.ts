import { expect } from 'vitest';
import { compareMovedOnly } from '#harness/metrics/compare-moved-only.ts';
import {
  compareMovement,
  type MovementDifference,
  type StatedMovement,
} from '#harness/metrics/compare-movement.ts';
import { describeMovement } from '#harness/metrics/describe-movement.ts';
import type { Movement } from '#harness/metrics/movement.ts';

declare module 'vitest' {
  // The parameters must be those of vitest's own declaration.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * Asserts the exact movement of a service's metrics: every changed series by name and labels,
     * with its change; a histogram by its bare name, with its observations. A stated change that is
     * missing and a change that was not stated both fail.
     */
    toEqualMovement: (stated: StatedMovement) => R;
    /**
     * Asserts that each of these moved up, by any amount, and nothing else moved at all. Each is the
     * name of a family or of a series, with or without labels; "*" stands for any characters.
     */
    toMoveOnly: (patterns: readonly string[]) => R;
  }
}

expect.extend({
  toEqualMovement(received: unknown, stated: StatedMovement) {
    const movement = requireMovement('toEqualMovement', received);
    return judge(this.utils, { stated, movement, differences: compareMovement(stated, movement) });
  },
  toMoveOnly(received: unknown, stated: readonly string[]) {
    const movement = requireMovement('toMoveOnly', received);
    return judge(this.utils, { stated, movement, differences: compareMovedOnly(stated, movement) });
  },
});

interface Compared {
  stated: StatedMovement | readonly string[];
  movement: Movement;
  differences: readonly MovementDifference[];
}

type Utils = Record<'EXPECTED_COLOR' | 'RECEIVED_COLOR' | 'DIM_COLOR', (text: string) => string>;

function judge({ EXPECTED_COLOR, RECEIVED_COLOR, DIM_COLOR }: Utils, compared: Compared) {
  const colours = { stated: EXPECTED_COLOR, found: RECEIVED_COLOR, right: DIM_COLOR };
  return {
    pass: compared.differences.length === 0,
    message: () => describeMovement({ ...compared, colours }),
  };
}

function requireMovement(matcher: string, value: unknown): Movement {
  if (isMovement(value)) return value;
  throw new TypeError(`${matcher}() takes a movement: await metrics.during(action).`);
}

function isMovement(value: unknown): value is Movement {
  return typeof value === 'object' && value !== null && 'changes' in value && 'after' in value;
}
