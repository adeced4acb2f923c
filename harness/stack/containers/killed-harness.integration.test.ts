import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { processEnvironment } from '#harness/config/env.ts';
import { findProcessesUsing } from '../process-table.ts';
import { harness, listEngine, listUnused, notHere } from './containers-here.fixture.ts';
import { startContainerStack } from './start-container-stack.ts';

const HARNESS = fileURLToPath(new URL('./start-and-hold.fixture.ts', import.meta.url));
const MOMENTS = 10;
const LONGEST_MS = 4_000;
/** What the guard promises. */
const GONE = { timeout: 2_000, interval: 20 };

describe('killed harness of containers', { tags: ['integration', 'slow'] }, () => {
  beforeEach(({ skip }) => skip(notHere !== undefined, notHere));

  test('leaves no container, network or volume two seconds later, at any moment', async () => {
    const before = new Set(await listUnused());
    const listNew = async () => (await listUnused()).filter((name) => !before.has(name));
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const killed = startHarness();
      // The moment is the point of the test: from the first import until after ready.
      await pause(((moment + Math.random()) * LONGEST_MS) / MOMENTS);
      killed.kill('SIGKILL');
      await once(killed, 'close');
      await expect
        .poll(
          async () => [...(await listEngine([killed.pid])).containers, ...(await listNew())],
          GONE,
        )
        .toEqual([]);
    }
  });

  test('does not disturb a living one, and what its guard left goes with the next start', async () => {
    await using living = await startContainerStack(harness);
    const killed = startHarness();
    await once(killed.stdout, 'data');
    const guards = await findProcessesUsing(`-${killed.pid}-`);
    expect(guards).toHaveLength(1);
    for (const guard of guards) process.kill(guard, 'SIGKILL');
    killed.kill('SIGKILL');
    await once(killed, 'close');
    expect((await listEngine([killed.pid])).containers).toHaveLength(2);
    const next = await startContainerStack(harness);
    await next.stop();
    expect((await listEngine([killed.pid])).containers).toEqual([]);
    const template = await living.postgres.createTemplate(async () => undefined);
    await expect(template.clone()).resolves.toHaveProperty('name');
  });
});

function startHarness(): ChildProcess & { stdout: NodeJS.ReadableStream } {
  return spawn(process.execPath, [HARNESS], {
    env: processEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}
