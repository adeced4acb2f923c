import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadHarnessEnvironment, processEnvironment } from '#harness/config/env.ts';
import { findRemains } from './stack-remains.fixture.ts';
import { startEmbeddedStack } from './start-embedded-stack.ts';

const { cacheDir } = loadHarnessEnvironment();
const HARNESS = fileURLToPath(new URL('./start-and-hold.fixture.ts', import.meta.url));
const GONE = { timeout: 20_000, interval: 20 };

describe('killed harness', { tags: ['integration'] }, () => {
  test('leaves nothing, even if no other harness starts', async () => {
    const harness = startHarness(cacheDir);
    await once(harness.stdout, 'data');
    expect((await findRemains(cacheDir, [harness.pid])).length).toBeGreaterThan(1);
    harness.kill('SIGKILL');
    await expect.poll(() => findRemains(cacheDir, [harness.pid]), GONE).toEqual([]);
  });

  test('at any moment of its start leaves nothing after the next start', async () => {
    const pids: (number | undefined)[] = [];
    for (let round = 0; round < 10; round += 1) {
      const harness = startHarness(cacheDir);
      pids.push(harness.pid);
      // The moment is the point of the test: from before the first directory until after ready.
      await pause(40 + Math.random() * 360);
      harness.kill('SIGKILL');
      await once(harness, 'close');
    }
    const next = await startEmbeddedStack({ cacheDir, env: processEnvironment() });
    await next.stop();
    await expect.poll(() => findRemains(cacheDir, pids), GONE).toEqual([]);
  });

  test('while it fills an empty cache leaves nothing half made there', {
    tags: ['slow'],
  }, async () => {
    const emptyCache = await mkdtemp(join(tmpdir(), 'cache-'));
    onTestFinished(async () => await rm(emptyCache, { recursive: true, force: true }));
    const pids: (number | undefined)[] = [];
    for (const afterMs of [150, 300, 600, 900]) {
      const harness = startHarness(emptyCache);
      pids.push(harness.pid);
      await pause(afterMs);
      harness.kill('SIGKILL');
      await once(harness, 'close');
      await expect.poll(() => findRemains(emptyCache, pids), GONE).toEqual([]);
    }
    const next = await startEmbeddedStack({ cacheDir: emptyCache, env: processEnvironment() });
    await next.stop();
    await expect.poll(() => findRemains(emptyCache, [process.pid]), GONE).toEqual([]);
  });

  test('does not disturb a living one', async () => {
    const living = await startEmbeddedStack({ cacheDir, env: processEnvironment() });
    const harness = startHarness(cacheDir);
    await once(harness.stdout, 'data');
    harness.kill('SIGKILL');
    await expect.poll(() => findRemains(cacheDir, [harness.pid]), GONE).toEqual([]);
    const template = await living.postgres.createTemplate(async () => undefined);
    await expect(template.clone()).resolves.toHaveProperty('name');
    await living.stop();
  });
});

function startHarness(cache: string): ChildProcess & { stdout: NodeJS.ReadableStream } {
  return spawn(process.execPath, [HARNESS, cache], {
    env: processEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}
