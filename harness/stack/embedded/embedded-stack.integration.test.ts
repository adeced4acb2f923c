import { afterEach, describe, expect, test } from 'vitest';
import { loadHarnessEnvironment, processEnvironment } from '#harness/config/env.ts';
import type { Stack } from '#harness/stack/stack.ts';
import { findRemains } from './stack-remains.fixture.ts';
import { startEmbeddedStack } from './start-embedded-stack.ts';

const { cacheDir } = loadHarnessEnvironment();
const options = { cacheDir, env: processEnvironment() };
const GONE = { timeout: 5_000, interval: 10 };

describe('embedded stack', { tags: ['integration'] }, () => {
  afterEach(async () => {
    await expect.poll(() => findRemains(cacheDir, [process.pid]), GONE).toEqual([]);
  });

  test('runs beside another one, and goes on when that one stops', async () => {
    const [one, other] = await Promise.all([
      startEmbeddedStack(options),
      startEmbeddedStack(options),
    ]);
    expect(other.prometheus.url).not.toBe(one.prometheus.url);
    await one.stop();
    await expect(fetch(`${other.prometheus.url}/-/ready`)).resolves.toHaveProperty('ok', true);
    const template = await other.postgres.createTemplate(async () => undefined);
    await expect(template.clone()).resolves.toHaveProperty('name');
    await other.stop();
  });

  test('stops once, however often it is asked', async () => {
    const stack = await startEmbeddedStack(options);
    await Promise.all([stack.stop(), stack.stop(), stack[Symbol.asyncDispose]()]);
    await stack.stop();
  });

  test('says that it was stopped to whoever still uses it', async () => {
    const stack = await startEmbeddedStack(options);
    const template = await stack.postgres.createTemplate(async () => undefined);
    const database = await template.clone();
    await stack.stop();
    await database.drop();
    await expect(template.clone()).rejects.toMatchObject({
      code: 'H_STACK_DATABASE',
      message: expect.stringContaining('the stack was stopped'),
    });
    await expect(stack.prometheus.scraping).rejects.toMatchObject({
      code: 'H_STACK_FIRST_SCRAPE',
      message: expect.stringContaining('the stack was stopped'),
    });
    await expect(fetch(stack.prometheus.url)).rejects.toThrow('fetch failed');
  });

  test.for([0, 20, 60, 120])('leaves nothing when its start is aborted after %i ms', async (ms) => {
    const starting = startEmbeddedStack({ ...options, signal: AbortSignal.timeout(ms) });
    const result = await starting.catch((error: unknown) => error);
    if (result instanceof Error) expect(result.name).toBe('TimeoutError');
    else await (result as Stack).stop(); // It was faster.
  });
});
