import { harness, notHere } from './containers/containers-here.fixture.ts';
import { startContainerStack } from './containers/start-container-stack.ts';
import { startEmbeddedStack } from './embedded/start-embedded-stack.ts';
import type { Stack } from './stack.ts';

export interface TestStack {
  backend: 'embedded' | 'containers';
  /** Why it cannot be started here; its tests then are skipped. */
  notHere: string | undefined;
  start(options?: { slots?: number; signal?: AbortSignal }): Promise<Stack>;
}

/** What every backend must be able to do is tested with each of these. */
export const TEST_STACKS: readonly TestStack[] = [
  {
    backend: 'embedded',
    notHere: undefined,
    start: async (options) => await startEmbeddedStack({ ...harness, ...options }),
  },
  {
    backend: 'containers',
    notHere,
    start: async (options) => await startContainerStack({ ...harness, ...options }),
  },
];
