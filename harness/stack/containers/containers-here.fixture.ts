import { z } from 'zod';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { askEngine, type EngineAddress, readEngine } from './engine/docker-engine.ts';
import { engineAddress } from './engine/engine-address.ts';
import { type EngineNetwork, judgeNetwork } from './engine/engine-network.ts';
import { engineError } from './engine/find-engine.ts';
import { missingImages, stackImages } from './images.ts';
import { STACK_LABEL } from './remove-containers.ts';

const TIMEOUT_MS = 10_000;

export const harness = loadHarnessEnvironment();
/** Known when the tests run: without one `notHere` says why. */
export let address: EngineAddress;

/**
 * Why containers cannot be tested here; undefined when they can. Throws it when TALLY_CONTAINERS=1
 * asks for them.
 */
export const notHere = await whyNot();

if (notHere !== undefined && harness.areContainersRequired) throw new Error(notHere);
// Reporters count what is skipped, and say why only when they are verbose.
if (notHere !== undefined) process.stderr.write(`tests in containers: not run, since ${notHere}\n`);

async function whyNot(): Promise<string | undefined> {
  const { postgres, prometheus } = await stackImages(harness.images);
  try {
    address = engineAddress(harness.env);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const missing = await missingImages(address, [postgres, prometheus], signal);
    return missing.length === 0 ? undefined : `the Docker engine has no ${missing.join(', no ')}`;
  } catch (error) {
    return engineError(address, error).message.split('\n')[0];
  }
}

const containersSchema = z.array(
  z.object({
    Id: z.string(),
    Labels: z.record(z.string(), z.string()),
    Mounts: z.array(z.object({ Type: z.string(), Name: z.string().optional() })),
    NetworkSettings: z.object({ Networks: z.record(z.string(), z.unknown()) }),
  }),
);

/** What every engine has. */
const NETWORKS = ['bridge', 'host', 'none'];

/**
 * The containers of stacks of these processes, by their ids, and the networks and volumes that were
 * made for them. Others may be at work on the same engine, so nothing else is looked at.
 */
export async function listEngine(
  ownerPids: readonly (number | undefined)[] = [process.pid],
): Promise<Record<'containers' | 'networks' | 'volumes', string[]>> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const filters = encodeURIComponent(JSON.stringify({ label: [STACK_LABEL] }));
  const path = `/containers/json?all=1&filters=${filters}`;
  const labelled = await readEngine(address, { path, signal }, containersSchema);
  const ours = labelled.filter(({ Labels }) =>
    ownerPids.some((pid) => Labels[STACK_LABEL]?.includes(`-${pid}-`)),
  );
  const networks = ours.flatMap(({ NetworkSettings }) => Object.keys(NetworkSettings.Networks));
  const volumes = ours.flatMap(({ Mounts }) => Mounts.filter(({ Type }) => Type === 'volume'));
  return {
    containers: ours.map(({ Id }) => Id).sort(),
    networks: networks.filter((name) => !NETWORKS.includes(name)),
    volumes: volumes.map(({ Name }) => Name ?? ''),
  };
}

const namesSchema = z.array(z.object({ Name: z.string() }));
const volumesSchema = z.object({ Volumes: namesSchema.nullable() });

/** The networks and volumes that no container uses, whoever left them. */
export async function listUnused(): Promise<string[]> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const unused = `filters=${encodeURIComponent(JSON.stringify({ dangling: ['true'] }))}`;
  const [networks, volumes] = await Promise.all([
    readEngine(address, { path: `/networks?${unused}`, signal }, namesSchema),
    readEngine(address, { path: `/volumes?${unused}`, signal }, volumesSchema),
  ]);
  return [...networks, ...(volumes.Volumes ?? [])].map(({ Name }) => Name);
}

/** How the containers of a stack here are reached. */
export async function networkHere(): Promise<EngineNetwork> {
  return await judgeNetwork(address, AbortSignal.timeout(TIMEOUT_MS));
}

const bridgeSchema = z.object({
  IPAM: z.object({ Config: z.tuple([z.object({ Subnet: z.string() })]) }),
});

/** The same, with a network of their own where they would share this machine's. */
export async function bridgedNetwork(): Promise<EngineNetwork & { kind: 'bridge' }> {
  const here = await networkHere();
  if (here.kind === 'bridge') return here;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const bridge = await readEngine(address, { path: '/networks/bridge', signal }, bridgeSchema);
  // Some engines do not say what the gateway is. Unless it was configured, it is the first address.
  const gateway = bridge.IPAM.Config[0].Subnet.replace(/\.\d+\/\d+$/, '.1');
  const own = { publishOn: '127.0.0.1', engineHost: '127.0.0.1' };
  return { kind: 'bridge', ...own, listenOn: gateway, harnessHost: gateway };
}

const portsSchema = z.object({
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(z.object({ HostIp: z.string() })).nullable()),
  }),
});

/** The addresses of the engine's machine at which these containers publish their ports. */
export async function publishedAt(containers: readonly string[]): Promise<string[]> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const looks = containers.map(async (id) => {
    const path = `/containers/${id}/json`;
    const { NetworkSettings } = await readEngine(address, { path, signal }, portsSchema);
    return Object.values(NetworkSettings.Ports).flatMap((ports) => ports ?? []);
  });
  return (await Promise.all(looks)).flat().map(({ HostIp }) => HostIp);
}

/** Ends a container behind the harness's back. */
export async function killContainer(id: string | undefined): Promise<void> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  await askEngine(address, { method: 'DELETE', path: `/containers/${id}?force=1&v=1`, signal });
}
