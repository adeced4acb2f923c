import { afterAll, afterEach } from 'vitest';
import type { Movement } from '#harness/metrics/movement.ts';
import { movementChannel } from '#harness/metrics/movement-channel.ts';
import { movedSeries } from '#harness/observability/series-of.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Keys of the series that moved in this test, the first of its file to move them. */
    moved?: readonly string[];
  }
}

/**
 * A setup file of vitest: notes at each test which series moved in `metrics.during()`, so that
 * ResultReporter keeps them. They travel with the test's result, also from another machine's shard.
 */
const noted = new Set<string>();
let fresh: string[] = [];

function note(movement: unknown): void {
  const moved = [...movedSeries(movement as Movement)].filter((key) => !noted.has(key));
  for (const key of moved) noted.add(key);
  fresh.push(...moved);
}

movementChannel.subscribe(note);

afterEach(({ task }) => {
  if (fresh.length === 0) return;
  task.meta.moved = fresh;
  fresh = [];
});

// Each file gets a setup of its own, in the same process.
afterAll(() => movementChannel.unsubscribe(note));
