import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { runService } from '#harness/service/run-service.ts';
import type { Service } from '#harness/service/service.ts';
import type { Stack } from '#harness/stack/stack.ts';
import { address, bridgedNetwork, harness, listEngine } from '../containers-here.fixture.ts';
import { readEngine } from '../engine/docker-engine.ts';
import type { EngineNetwork } from '../engine/engine-network.ts';
import { buildNodeImage, noNodeImage, removeImage } from '../node-image.fixture.ts';
import { startContainerStack } from '../start-container-stack.ts';

const IMAGE = 'tally/service-stand-in:test';
const BROKEN_IMAGE = 'tally/service-that-cannot-start:test';
const SCRIPT = new URL('./service-stand-in.fixture.ts', import.meta.url);

describe('service in containers, by a stand-in', { tags: ['integration'] }, () => {
  beforeAll(async () => {
    if (noNodeImage !== undefined) return;
    await buildNodeImage(IMAGE, SCRIPT);
  });
  afterAll(async () => {
    if (noNodeImage === undefined) await removeImage(IMAGE);
  });
  beforeEach(({ skip }) => skip(noNodeImage !== undefined, noNodeImage));

  test('starts, restarts at the same URL in another process, and says good bye', async () => {
    await using stack = await startWith(IMAGE);
    const service = await startAt(stack);
    const first = await ask(service);
    await service.restart();
    const second = await ask(service);
    expect(second.startedAt).not.toBe(first.startedAt);
    expect(service.isRunning).toBe(true);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(service.log.lines).toEqual(['listening', 'good bye']);
    expect(service.isRunning).toBe(false);
    expect(stack.failure.aborted).toBe(false);
  });

  test('is killed without a word, which is no failure of the stack', async () => {
    await using stack = await startWith(IMAGE);
    const service = await startAt(stack);
    expect(await service.kill()).toEqual({ code: 137, signal: null });
    expect(service.log.lines).toEqual(['listening']);
    expect(stack.failure.aborted).toBe(false);
    await service.restart();
    expect(await ask(service)).toMatchObject({ database: true });
  });

  test('reaches the database and the harness, on the network of this machine', async () => {
    await using stack = await startWith(IMAGE);
    expect(await ask(await startAt(stack))).toMatchObject({ database: true, provider: true });
  });

  test('reaches them from a network of its own, and keeps its URL over restarts', async () => {
    await using stack = await startWith(IMAGE, await bridgedNetwork());
    const service = await startAt(stack);
    expect(await ask(service)).toMatchObject({ database: true, provider: true });
    await service.restart();
    expect(await ask(service)).toMatchObject({ database: true, provider: true });
  });

  test('shows the log of a service that ends before it is ready', async () => {
    await using stack = await startWith(IMAGE);
    await expect(startAt(stack, { EXIT_CODE: '78' })).rejects.toMatchObject({
      code: 'H_SERVICE_EXITED',
      message: expect.stringMatching(/\(exit code 78\)[\s\S]*no master key/),
    });
  });

  test('tells what the engine says of an image that it cannot start', async () => {
    onTestFinished(async () => await removeImage(BROKEN_IMAGE));
    await buildNodeImage(BROKEN_IMAGE, SCRIPT, '/no-such-program');
    await using stack = await startWith(BROKEN_IMAGE);
    await expect(startAt(stack)).rejects.toMatchObject({
      code: 'H_SERVICE_EXITED',
      message: expect.stringContaining('no-such-program'),
    });
    expect((await listEngine()).containers).toHaveLength(2);
  });

  test('is refused before anything is left when its image is nowhere', async () => {
    await expect(startWith('tally.invalid/service:1')).rejects.toMatchObject({
      code: 'H_STACK_IMAGE_MISSING',
    });
    expect((await listEngine()).containers).toEqual([]);
  });

  test('is not asked for its health, which its image would have done', async () => {
    await using stack = await startWith(IMAGE);
    const { containers: servers } = await listEngine();
    await startAt(stack);
    const { containers } = await listEngine();
    const [id] = containers.filter((each) => !servers.includes(each));
    const { State } = await inspect(`/containers/${id}/json`, stateSchema);
    expect(State).toEqual({ Running: true });
    const { Config } = await inspect(`/images/${IMAGE}/json`, configSchema);
    expect(Config.Healthcheck.Test).toHaveLength(4);
  });

  test('goes with the stack', async () => {
    const stack = await startWith(IMAGE);
    await startAt(stack);
    expect((await listEngine()).containers).toHaveLength(3);
    await stack.stop();
    expect((await listEngine()).containers).toEqual([]);
  });
});

const stateSchema = z.object({
  State: z.object({ Running: z.boolean(), Health: z.unknown().optional() }),
});
const configSchema = z.object({
  Config: z.object({ Healthcheck: z.object({ Test: z.array(z.string()) }) }),
});

async function inspect<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> {
  return await readEngine(address, { path, signal: AbortSignal.timeout(10_000) }, schema);
}

const OPTIONS = { name: 'stand-in', readyPath: '/', readyTimeoutMs: 10_000 };

async function startWith(serviceImage: string, network?: EngineNetwork): Promise<Stack> {
  return await startContainerStack({ ...harness, serviceImage, network, slots: 0 });
}

function serviceOf({ service }: Stack) {
  if (service === undefined) throw new Error('the stack runs no service');
  return service;
}

/** With a database of the stack, and a server where the simulator would be. */
async function startAt(stack: Stack, changes: Record<string, string> = {}): Promise<Service> {
  const { place } = serviceOf(stack);
  const template = await stack.postgres.createTemplate(async () => undefined);
  const database = await template.clone();
  const provider = createServer().listen(0, place.harness.listenOn);
  onTestFinished(() => void provider.close());
  await new Promise((resolve) => provider.once('listening', resolve));
  const { port: providerPort } = z.object({ port: z.number() }).parse(provider.address());
  return await runService({
    ...OPTIONS,
    place,
    environment: (port) => ({
      HOST: place.listenHost,
      PORT: String(port),
      DATABASE_URL: place.databaseUrl(database.url),
      PROVIDER_URL: `http://${place.harness.host}:${providerPort}`,
      ...changes,
    }),
  });
}

const answer = z.object({ startedAt: z.string(), database: z.boolean(), provider: z.boolean() });

async function ask({ url }: Service): Promise<z.infer<typeof answer>> {
  return answer.parse(await (await fetch(url)).json());
}
