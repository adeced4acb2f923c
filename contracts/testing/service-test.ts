import { expect, test } from 'vitest';
import {
  type RunningService,
  type RunningServiceOptions,
  startRunningService,
} from './running-service.ts';

/**
 * vitest's test with a running service as the fixture `service`. Without options it is the worker's
 * own, which its files use one after the other: to start one costs more than most files do with it.
 * With options ({} for a file that breaks its service, or counts from its start) the file has one
 * to itself. Each file ends with a look at what no single test sees: calls that the simulated
 * provider refused, and keys in the log.
 */
export function serviceTest(options?: RunningServiceOptions) {
  const scoped = options === undefined ? sharedTest : createTest(options);
  // Their types differ in the scope of `running`, which no test asks for.
  return scoped as typeof sharedTest;
}

const sharedTest = test
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it that no fixture is needed.
  .extend('running', { scope: 'worker' }, ({}, { onCleanup }) => start({}, onCleanup))
  .extend('service', { scope: 'file' }, watch);

function createTest(options: RunningServiceOptions) {
  return (
    test
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it that no fixture is needed.
      .extend('running', { scope: 'file' }, ({}, { onCleanup }) => start(options, onCleanup))
      .extend('service', { scope: 'file' }, watch)
  );
}

type OnCleanup = (end: () => void | Promise<void>) => void;

async function start(options: RunningServiceOptions, onCleanup: OnCleanup) {
  const running = await startRunningService(options);
  onCleanup(async () => await running[Symbol.asyncDispose]());
  return running;
}

/**
 * Looks at all that was found and logged so far, the start of the service included: what an earlier
 * file did wrong shows again here, rather than nothing being overlooked.
 */
function watch({ running }: { running: RunningService }, { onCleanup }: { onCleanup: OnCleanup }) {
  onCleanup(() => {
    expect(running.simulator.findings).toEqual([]);
    const { lines } = running.service.log;
    expect(lines.filter((line) => line.includes('sk-tally-'))).toEqual([]);
  });
  return running;
}
