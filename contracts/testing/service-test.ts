import { expect, test } from 'vitest';
import { type RunningServiceOptions, startRunningService } from './running-service.ts';

/**
 * vitest's test with one running service per file, as the fixture `service`. Ends with a look at
 * what no single test sees: calls that the simulated provider refused, and keys in the log.
 */
export function serviceTest(options: RunningServiceOptions = {}) {
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it that no fixture is needed.
  return test.extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const running = await startRunningService(options);
    onCleanup(async () => {
      await running[Symbol.asyncDispose]();
      expect(running.simulator.findings).toEqual([]);
      expect(running.service.log.lines.filter((line) => line.includes('sk-tally-'))).toEqual([]);
    });
    return running;
  });
}
