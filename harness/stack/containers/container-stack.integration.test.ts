import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Stack } from '#harness/stack/stack.ts';
import {
  address,
  bridgedNetwork,
  harness,
  killContainer,
  listEngine,
  networkHere,
  notHere,
  publishedAt,
} from './containers-here.fixture.ts';
import { serveEngine } from './engine/fake-engine.fixture.ts';
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

  test('makes no network and no volume, which would have to be removed too', async () => {
    await using _stack = await startContainerStack(harness);
    const two = [expect.any(String), expect.any(String)];
    expect(await listEngine()).toEqual({ containers: two, networks: [], volumes: [] });
  });

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
      network: await networkHere(),
    });
    await Promise.all([once(stack.failure, 'abort'), engine[Symbol.asyncDispose]()]);
    expect(stack.failure.reason).toMatchObject({ code: 'H_STACK_ENGINE_LOST' });
    // Nobody waits for a Postgres there any more, since its machine may be gone too.
    await expect(stack.postgres.createTemplate(async () => undefined)).rejects.toMatchObject({
      code: 'H_STACK_DATABASE',
    });
    // The stack cannot remove them without an engine; the sweep of the next start would.
    const { containers } = await listEngine();
    await Promise.all(containers.map(killContainer));
  });

  test('is not started on another engine than the one that is named', async () => {
    const named = await serveEngine((_, response) => void response.end('{"ID":"another"}'));
    const env = { ...harness.env, DOCKER_HOST: named.address.host, DOCKER_TLS_VERIFY: undefined };
    await expect(startContainerStack({ ...harness, env })).rejects.toMatchObject({
      code: 'H_STACK_ENGINE_DIFFERS',
      message: expect.stringMatching(/at unix:\S+engine-\S+, but the one at (?:unix|tcp):\/\//),
    });
    expect(named.asked).not.toContain('GET /containers/json');
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

  test('publishes on one address only where containers have their own network', async () => {
    const network = await bridgedNetwork();
    await using stack = await startContainerStack({ ...harness, network });
    await stack.prometheus.scraping;
    const template = await stack.postgres.createTemplate(async () => undefined);
    await expect(template.clone()).resolves.toHaveProperty('name');
    const { containers } = await listEngine();
    expect(await publishedAt(containers)).toEqual([network.publishOn, network.publishOn]);
  });

  test('names the address at which an engine cannot publish', async () => {
    // Set apart for documentation: no machine has it.
    const nowhere = { publishOn: '192.0.2.254', engineHost: '192.0.2.254' };
    const network = { ...(await bridgedNetwork()), ...nowhere };
    await expect(startContainerStack({ ...harness, network })).rejects.toMatchObject({
      code: 'H_STACK_PORT_UNREACHED',
      message: expect.stringContaining('cannot publish at 192.0.2.254'),
    });
  });

  test('names the address at which a published port is not reached', async () => {
    const network = { ...(await bridgedNetwork()), engineHost: '127.0.0.9' };
    await expect(startContainerStack({ ...harness, network })).rejects.toMatchObject({
      code: 'H_STACK_PORT_UNREACHED',
      message: expect.stringMatching(/runs, but is not reached at 127\.0\.0\.9:\d+, where/),
    });
  });

  test('lets Postgres be used only with a password, a new one each time', async () => {
    const stacks = await Promise.all([startContainerStack(harness), startContainerStack(harness)]);
    const [url, otherUrl] = stacks.map(({ postgres }) => new URL(postgres.adminUrl));
    expect(url?.password).toMatch(/^[0-9a-f]{32}$/);
    expect(otherUrl?.password).not.toBe(url?.password);
    const wrong = new URL(url ?? '');
    wrong.password = otherUrl?.password ?? '';
    const client = new Client({ connectionString: wrong.href });
    await expect(client.connect()).rejects.toThrow('password authentication failed');
    await Promise.all(stacks.map((stack) => stack.stop()));
  });

  test('says that containers do not reach this machine', async () => {
    // In a container, loopback is its own.
    const network = { ...(await bridgedNetwork()), harnessHost: '127.0.0.1' };
    await using stack = await startContainerStack({ ...harness, network });
    await expect(stack.prometheus.scraping).rejects.toMatchObject({ code: 'H_STACK_SCRAPES_LOST' });
  });
});

/** An address that leads to the real engine until it is disposed of. */
async function standInForEngine(): Promise<AsyncDisposable & { host: string }> {
  const { protocol, pathname, hostname, port } = new URL(address.host);
  const isSocket = protocol === 'unix:';
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = isSocket ? connect(pathname) : connect(Number(port), hostname);
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  // By TCP where the engine is asked so, since TLS goes with it.
  server.listen(isSocket ? { path: await socketPath() } : { host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const at = server.address();
  return {
    host: typeof at === 'string' ? `unix://${at}` : `tcp://127.0.0.1:${at?.port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function socketPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  return join(folder, 'docker.sock');
}
