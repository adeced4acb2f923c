import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Stack } from '#harness/stack/stack.ts';
import {
  address,
  bridgeAddress,
  harness,
  killContainer,
  listEngine,
  notHere,
} from './containers-here.fixture.ts';
import { startContainerStack } from './start-container-stack.ts';

const SOON = { timeout: 5_000, interval: 20 };

let before: Awaited<ReturnType<typeof listEngine>>;

describe('stack in containers', { tags: ['integration'] }, () => {
  beforeEach(async ({ skip }) => {
    skip(notHere !== undefined, notHere);
    before = await listEngine();
  });
  afterEach(async () => {
    if (notHere === undefined) await expect.poll(() => listEngine(), SOON).toEqual(before);
  });

  test('runs beside another one, and goes on when that one stops', async () => {
    const [one, other] = await Promise.all([
      startContainerStack(harness),
      startContainerStack(harness),
    ]);
    expect(other.prometheus.url).not.toBe(one.prometheus.url);
    await one.stop();
    await expect(fetch(`${other.prometheus.url}/-/ready`)).resolves.toHaveProperty('ok', true);
    const template = await other.postgres.createTemplate(async () => undefined);
    await expect(template.clone()).resolves.toHaveProperty('name');
    expect([one.failure.aborted, other.failure.aborted]).toEqual([false, false]);
    await Promise.all([other.stop(), other.stop(), other[Symbol.asyncDispose]()]);
  });

  test.for([0, 100, 300, 600, 900])(
    'leaves nothing when its start is aborted after %i ms',
    async (ms) => {
      const starting = startContainerStack({ ...harness, signal: AbortSignal.timeout(ms) });
      const result = await starting.catch((error: unknown) => error);
      if (result instanceof Error) expect(result.name).toBe('TimeoutError');
      else await (result as Stack).stop(); // It was faster.
    },
  );

  test('says which of its containers has ended', async () => {
    await using stack = await startContainerStack(harness);
    const { containers } = await listEngine();
    await Promise.all([once(stack.failure, 'abort'), killContainer(containers[0])]);
    expect(stack.failure.reason).toMatchObject({
      code: 'H_STACK_CONTAINER_ENDED',
      message: expect.stringMatching(/^The container of \S+ ended with exit code 137\.\nfix: /),
    });
  });

  test('says that the engine went away', async () => {
    await using engine = await standInForEngine();
    await using stack = await startContainerStack({
      ...harness,
      env: { ...harness.env, DOCKER_HOST: engine.host },
    });
    await Promise.all([once(stack.failure, 'abort'), engine[Symbol.asyncDispose]()]);
    expect(stack.failure.reason).toMatchObject({ code: 'H_STACK_ENGINE_LOST' });
    // The stack cannot remove them without an engine; the sweep of the next start would.
    const { containers } = await listEngine();
    await Promise.all(containers.map(killContainer));
  });

  test('names an image that is nowhere', async () => {
    const images = { ...harness.images, postgres: 'tally.invalid/nothing:1' };
    await expect(startContainerStack({ ...harness, images })).rejects.toMatchObject({
      code: 'H_STACK_IMAGE_MISSING',
      message: expect.stringContaining('tally.invalid/nothing:1'),
    });
  });

  test('shows the log of a server that does not start', async () => {
    const images = { ...harness.images, postgres: harness.images.prometheus ?? '' };
    await expect(startContainerStack({ ...harness, images })).rejects.toMatchObject({
      code: 'H_STACK_POSTGRES_START',
      message: expect.stringContaining("unknown short flag '-c'"),
    });
  });

  test('publishes on the one address it is told to where containers have their own network', async ({
    skip,
  }) => {
    const bridge = await bridgeAddress();
    if (!(await canListenOn(bridge))) return skip('the engine is not on this machine');
    const host = '127.0.0.1';
    await using stack = await startContainerStack({
      ...harness,
      network: {
        kind: 'bridge',
        publishOn: host,
        engineHost: host,
        listenOn: bridge,
        harnessHost: bridge,
      },
    });
    await stack.prometheus.scraping;
    const template = await stack.postgres.createTemplate(async () => undefined);
    await expect(template.clone()).resolves.toHaveProperty('name');
    const { port } = new URL(stack.prometheus.url);
    await expect(fetch(`http://${bridge}:${port}`)).rejects.toThrow('fetch failed');
  });

  test('says that containers do not reach this machine', async () => {
    const host = '127.0.0.1';
    await using stack = await startContainerStack({
      ...harness,
      // In a container, loopback is its own.
      network: {
        kind: 'bridge',
        publishOn: host,
        engineHost: host,
        listenOn: host,
        harnessHost: host,
      },
    });
    await expect(stack.prometheus.scraping).rejects.toMatchObject({ code: 'H_STACK_SCRAPES_LOST' });
  });
});

async function canListenOn(host: string): Promise<boolean> {
  const server = createServer();
  const listening = once(server.listen(0, host), 'listening');
  const can = await listening.then(
    () => true,
    () => false,
  );
  server.close();
  return can;
}

/** A socket that leads to the real engine until it is disposed of. */
async function standInForEngine(): Promise<AsyncDisposable & { host: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(new URL(address.host).pathname);
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  const path = join(folder, 'docker.sock');
  server.listen(path);
  await once(server, 'listening');
  return {
    host: `unix://${path}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
