import { expect } from 'vitest';
import { compareMovement, type StatedMovement } from '#harness/metrics/compare-movement.ts';
import { describeMovement } from '#harness/metrics/describe-movement.ts';
import type { Movement } from '#harness/metrics/movement.ts';

declare module 'vitest' {
  // The parameters must be those of vitest's own declaration.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * Asserts the exact movement of a service's metrics: every changed series by name and labels,
     * with its change. A stated change that is missing and a change that was not stated both fail.
     */
    toEqualMovement: (stated: StatedMovement) => R;
  }
}

expect.extend({
  toEqualMovement(received: unknown, stated: StatedMovement) {
    if (!isMovement(received)) {
      throw new TypeError('toEqualMovement() takes a movement: await metrics.during(action).');
    }
    const differences = compareMovement(stated, received);
    return {
      pass: differences.length === 0,
      message: () => describeMovement({ stated, movement: received, differences }),
    };
  },
});

function isMovement(value: unknown): value is Movement {
  return typeof value === 'object' && value !== null && 'changes' in value && 'after' in value;
}
