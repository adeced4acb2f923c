import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '#harness/config/load-config.ts';
import { checkProvisioned } from '#harness/grafana/check-provisioned.ts';
import { checkServers } from '#harness/grafana/check-servers.ts';
import { createGrafanaClient } from '#harness/grafana/grafana-client.ts';
import { grafanaFolders } from '#harness/grafana/grafana-folders.ts';
import type { GrafanaServer, Stack } from '#harness/stack/stack.ts';
import {
  address,
  bridgedNetwork,
  harness,
  listEngine,
  networkHere,
} from '../containers-here.fixture.ts';
import { askEngine } from '../engine/docker-engine.ts';
import { stackImages } from '../images.ts';
import { buildNodeImage, noNodeImage, removeImage } from '../node-image.fixture.ts';
import { type ContainerStackOptions, startContainerStack } from '../start-container-stack.ts';

const STAND_IN = 'tally/grafana-stand-in:test';
const NOWHERE = 'tally.invalid/grafana:1';
const ENGINE_TIMEOUT_MS = 10_000;

const grafana = grafanaFolders(await loadConfig());

describe('Grafana in the stack of containers, by a stand-in', { tags: ['integration'] }, () => {
  beforeAll(async () => {
    if (noNodeImage !== undefined) return;
    await buildNodeImage(STAND_IN, new URL('./grafana-stand-in.fixture.ts', import.meta.url));
  });
  afterAll(async () => {
    if (noNodeImage === undefined) await removeImage(STAND_IN);
  });
  beforeEach(({ skip }) => skip(noNodeImage !== undefined, noNodeImage));

  test('has the dashboards and the data source of the files, and goes with the stack', async () => {
    const { containers: before } = await listEngine();
    await using stack = await startWith(STAND_IN);
    const server = serverOf(stack);
    const network = await networkHere();
    const host = network.kind === 'host' ? '127.0.0.1' : network.engineHost;
    expect(server).toMatchObject({ version: 'stand-in', url: expect.stringContaining(host) });
    const client = createGrafanaClient(server);
    expect(await checkProvisioned(client, grafana?.dashboards ?? '')).toEqual([]);
    expect(await client.dataSourceHealth('prometheus')).toMatchObject({ status: 'OK' });
    expect((await listEngine()).containers).toHaveLength(before.length + 3);
    await stack.stop();
    expect((await listEngine()).containers).toEqual(before);
  });

  test('is let in by a password that no log has', async () => {
    await using stack = await startWith(STAND_IN);
    const { headers } = serverOf(stack);
    const [, pair = ''] = headers?.['authorization']?.split(' ') ?? [];
    const [user, password = ''] = Buffer.from(pair, 'base64').toString().split(':');
    expect([user, password]).toEqual(['admin', expect.stringMatching(/^[0-9a-f]{32}$/)]);
    const { containers } = await listEngine();
    const logs = (await Promise.all(containers.map(logOf))).join('');
    expect(logs).toContain('HTTP Server Listen');
    expect(logs).not.toContain(password);
  });

  test('lists the alerts once Prometheus has their rules, and sees what it scrapes', async () => {
    await using stack = await startWith(STAND_IN);
    await stack.prometheus.scraping;
    const client = createGrafanaClient(serverOf(stack));
    const asked = {
      ...{ dataSource: 'prometheus', selector: stack.prometheus.ownSlot.selector },
      ...{ alerts: ['SlotDown'], toMs: Date.now() },
    };
    expect(await checkServers(client, asked)).toMatchObject([
      { message: 'SlotDown: Grafana does not list it.' },
    ]);
    const good = await writeRules({ alert: 'SlotDown', expr: 'up == 0' });
    expect(await stack.prometheus.loadRules?.([good])).toBeUndefined();
    expect(await checkServers(client, asked)).toEqual([]);
  });

  test('leaves Prometheus as it is when that refuses rules, and says why', async () => {
    await using stack = await startWith(STAND_IN);
    const bad = await writeRules({ alert: 'SlotDown', expr: 'up ==' });
    expect(await stack.prometheus.loadRules?.([bad])).toContain('failed to reload config');
    await expect(fetch(`${stack.prometheus.url}/-/ready`)).resolves.toHaveProperty('ok', true);
  });

  test('reaches Prometheus where containers have their own network', async () => {
    await using stack = await startWith(STAND_IN, { network: await bridgedNetwork() });
    const client = createGrafanaClient(serverOf(stack));
    expect(await client.dataSourceHealth('prometheus')).toMatchObject({ status: 'OK' });
  });

  test('is absent, with the reason, where its image is nowhere', async () => {
    await using unasked = await startWith(NOWHERE);
    expect(unasked.grafana).toEqual({
      absent: `the engine has no image ${NOWHERE}; --stack containers pulls it`,
    });
    await using asked = await startWith(NOWHERE, { pullGrafana: true });
    expect(asked.grafana).toEqual({
      absent: expect.stringMatching(
        /^the image tally\.invalid\/grafana:1 is not here and could not be pulled: \S/,
      ),
    });
    await using without = await startWith(STAND_IN, { grafana: undefined });
    expect(without.grafana).toEqual({ absent: 'no dashboards.provisioning is configured' });
  });

  test('shows its log when it does not start', async () => {
    const { postgres } = await stackImages(harness.images);
    await expect(startWith(postgres)).rejects.toMatchObject({
      code: 'H_STACK_GRAFANA_START',
      message: expect.stringContaining('superuser password is not specified'),
    });
  });
});

async function startWith(
  image: string,
  options: Partial<ContainerStackOptions> = {},
): Promise<Stack> {
  const images = { ...harness.images, grafana: image };
  return await startContainerStack({ ...harness, images, grafana, ...options });
}

function serverOf({ grafana: server }: Stack): GrafanaServer {
  if ('absent' in server) throw new Error(server.absent);
  return server;
}

async function writeRules(rule: object): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const file = join(folder, 'slots.rules.yml');
  await writeFile(file, JSON.stringify({ groups: [{ name: 'slots', rules: [rule] }] }));
  return file;
}

async function temporaryFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'grafana-'));
}

async function logOf(id: string): Promise<string> {
  const signal = AbortSignal.timeout(ENGINE_TIMEOUT_MS);
  const path = `/containers/${id}/logs?stdout=1&stderr=1`;
  return (await askEngine(address, { path, signal })).body;
}
