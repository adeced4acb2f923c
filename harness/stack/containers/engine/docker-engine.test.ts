import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { createStackName } from '../../stack-name.ts';
import { removeContainers, sweepDeadContainers } from '../remove-containers.ts';
import { watchContainers } from '../watch-containers.ts';
import { judgeNetwork } from './engine-network.ts';
import { serveEngine } from './fake-engine.fixture.ts';
import { requireEngine } from './find-engine.ts';

const NOW_SECONDS = Math.floor(Date.now() / 1_000);

describe('containers of dead stacks', () => {
  test('are swept, and those of a living process and of other machines are not', async () => {
    const living = await createStackName();
    const dead = living.replace(`-${process.pid}-`, '-4194305-');
    const elsewhere = dead.replace(/^tally-[0-9a-f]{6}/, 'tally-000000');
    const one = (Id: string, name: string, Created = NOW_SECONDS) => ({
      Id,
      Created,
      Labels: { 'tally.run': name },
    });
    const engine = await serveEngine((_, response) => {
      const old = one('old', elsewhere, NOW_SECONDS - 25 * 3_600);
      const all = [one('living', living), one('dead', dead), one('away', elsewhere), old];
      response.end(JSON.stringify(all));
    });
    await sweepDeadContainers(engine.address);
    expect(engine.asked.toSorted()).toEqual([
      'DELETE /containers/dead',
      'DELETE /containers/old',
      'GET /containers/json',
    ]);
  });

  test('may be gone already, but a refusal is passed on', async () => {
    const statuses = [404, 409, 500];
    const engine = await serveEngine((asked, response) => {
      if (asked.startsWith('DELETE')) response.writeHead(statuses.shift() ?? 200).end('no');
      else response.end(JSON.stringify([{ Id: '1', Created: 0, Labels: {} }]));
    });
    await removeContainers(engine.address, 'name');
    await removeContainers(engine.address, 'name');
    await expect(removeContainers(engine.address, 'name')).rejects.toThrow('no');
  });
});

describe('an engine', () => {
  test.for([
    [{ Name: hostname(), OSType: 'linux' }, 'host'],
    [{ Name: hostname(), OSType: 'linux', SecurityOptions: ['name=rootless'] }, 'bridge'],
    [{ Name: 'docker-desktop', OSType: 'linux' }, 'bridge'],
  ] as const)('that says %j gives containers the network "%s"', async ([info, kind]) => {
    const engine = await serveEngine((_, response) => void response.end(JSON.stringify(info)));
    const network = await judgeNetwork(engine.address, AbortSignal.timeout(5_000));
    expect(network.kind).toBe(process.platform === 'linux' ? kind : 'bridge');
    if (network.kind === 'bridge') expect(network.publishOn).toBe('127.0.0.1');
  });

  test.for([hostname(), 'elsewhere'])(
    'of another machine that is called "%s" publishes where it is reached, and reaches us there too',
    async (Name, { skip }) => {
      skip(process.platform !== 'linux', 'only Linux has more than one loopback address');
      // A connection to 127.0.0.2 comes from 127.0.0.1, as if from one machine to another.
      const engine = await serveEngine(
        (_, response) => void response.end(JSON.stringify({ Name, OSType: 'linux' })),
        { host: '127.0.0.2' },
      );
      expect(await judgeNetwork(engine.address, AbortSignal.timeout(5_000))).toEqual({
        kind: 'bridge',
        ...{ publishOn: '127.0.0.2', engineHost: '127.0.0.2' },
        ...{ listenOn: '127.0.0.1', harnessHost: '127.0.0.1' },
      });
    },
  );

  test('of this machine is the same by TCP as by its socket', async () => {
    const info = JSON.stringify({ Name: 'docker-desktop', OSType: 'linux' });
    const answer = (_: string, response: ServerResponse): void => void response.end(info);
    const signal = AbortSignal.timeout(5_000);
    const [byTcp, bySocket] = await Promise.all([
      serveEngine(answer, { host: '127.0.0.1' }),
      serveEngine(answer),
    ]);
    expect(await judgeNetwork(byTcp.address, signal)).toEqual(
      await judgeNetwork(bySocket.address, signal),
    );
  });

  test('that answers with an error is none', async () => {
    const engine = await serveEngine((_, response) => void response.writeHead(500).end('broken'));
    await expect(requireEngine(engine.address, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: 'H_STACK_ENGINE_ABSENT',
      message: expect.stringContaining('it answered 500: broken'),
    });
  });
});

describe('a watch over containers', () => {
  const died = { Actor: { Attributes: { image: 'postgres:18', exitCode: '137' } } };

  test('hears of one that ends', async () => {
    const engine = await serveEngine((_, response) => {
      response.write('');
      response.flushHeaders();
      setImmediate(() => response.write(`${JSON.stringify(died)}\n`));
    });
    const watch = await watchContainers(engine.address, 'name');
    await once(watch.failure, 'abort');
    expect(watch.failure.reason).toMatchObject({
      code: 'H_STACK_CONTAINER_ENDED',
      message: expect.stringContaining('postgres:18 ended with exit code 137'),
    });
    watch.stop();
  });

  test('hears of an engine that goes away, and of nothing once it is stopped', async () => {
    const engine = await serveEngine((_, response) => response.flushHeaders());
    const [watch, stopped] = await Promise.all([
      watchContainers(engine.address, 'name'),
      watchContainers(engine.address, 'name'),
    ]);
    stopped.stop();
    engine.close();
    await once(watch.failure, 'abort');
    expect(watch.failure.reason).toMatchObject({ code: 'H_STACK_ENGINE_LOST' });
    expect(stopped.failure.aborted).toBe(false);
  });
});
