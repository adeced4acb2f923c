import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type ContainerRuntimeClient, getContainerRuntimeClient } from 'testcontainers';
import { z } from 'zod';
import { collectLog } from '#harness/processes/process-log.ts';
import type { ServiceExit } from '#harness/service/service.ts';
import type {
  LaunchedProcess,
  LaunchOptions,
  ServicePlace,
} from '#harness/service/service-place.ts';
import { ENGINE_MACHINE } from '../engine/engine-network.ts';
import { SERVICE_LABEL, STACK_LABEL } from '../remove-containers.ts';
import type { ContainerPlace } from '../stack-container.ts';

const LOOPBACK = '127.0.0.1';
const LOG_END_TIMEOUT_MS = 1_000;

type Client = ContainerRuntimeClient['container'];
type CreateOptions = Parameters<Client['create']>[0];
type Container = Awaited<ReturnType<Client['create']>>;

export interface ServiceInContainerOptions extends Omit<ContainerPlace, 'signal'> {
  image: string;
  /** Where containers reach Postgres, host:port. */
  postgresPeer: string;
}

/** Runs a service in containers of its image, beside the servers of a stack. */
export function serviceInContainer(options: ServiceInContainerOptions): ServicePlace {
  const { network, postgresPeer } = options;
  const launch: ServicePlace['launch'] = async (launched) =>
    await launchContainer(createOptions(options, launched));
  if (network.kind === 'host') {
    return {
      listenHost: LOOPBACK,
      serviceHost: LOOPBACK,
      harness: { listenOn: LOOPBACK, host: LOOPBACK },
      databaseUrl: (url) => url,
      launch,
    };
  }
  return {
    listenHost: '0.0.0.0',
    serviceHost: network.engineHost,
    harness: { listenOn: network.listenOn, host: network.harnessHost },
    databaseUrl: (url) => Object.assign(new URL(url), { host: postgresPeer }).href,
    launch,
  };
}

/** As the image says, with nothing but the environment, the network and the label of the stack. */
function createOptions(
  { image, network, stackName }: ServiceInContainerOptions,
  { port, environment }: LaunchOptions,
): CreateOptions {
  const shared = {
    Image: image,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    Labels: { [STACK_LABEL]: stackName, [SERVICE_LABEL]: 'true' },
    // Checks of the image's own would be calls that no ledger has.
    Healthcheck: { Test: ['NONE'] },
  };
  if (network.kind === 'host') {
    return { ...shared, HostConfig: { AutoRemove: true, NetworkMode: 'host' } };
  }
  const published = `${port}/tcp`;
  return {
    ...shared,
    ExposedPorts: { [published]: {} },
    HostConfig: {
      AutoRemove: true,
      PortBindings: { [published]: [{ HostIp: network.publishOn, HostPort: String(port) }] },
      ExtraHosts: [`${ENGINE_MACHINE}:host-gateway`],
    },
  };
}

async function launchContainer(options: CreateOptions): Promise<LaunchedProcess> {
  const { container: client } = await getContainerRuntimeClient();
  let container: Container;
  let output: Readable;
  try {
    container = await client.create(options);
    // From before its start, so that nothing that it says is missed.
    output = await client.attach(container);
  } catch (error) {
    return neverStarted(error);
  }
  const exited = startAndWait(container, output);
  let isRunning = true;
  void exited.then(() => {
    isRunning = false;
  });
  return {
    log: collectLog(output),
    pid: undefined,
    exited,
    get isRunning() {
      return isRunning;
    },
    // It may have ended meanwhile; that the engine has gone is said by the stack.
    kill: (signal) => void container.kill({ signal }).catch(() => undefined),
  };
}

function neverStarted(error: unknown): LaunchedProcess {
  const exited = Promise.resolve(exitOf(error));
  return { log: collectLog(), pid: undefined, exited, isRunning: false, kill: () => undefined };
}

const waitSchema = z.object({ StatusCode: z.number() });

/** Never rejects. */
async function startAndWait(container: Container, output: Readable): Promise<ServiceExit> {
  const removed = container.wait({ condition: 'removed' });
  try {
    await Promise.all([container.start(), removed]);
    const { StatusCode: code } = waitSchema.parse(await removed);
    const signal = AbortSignal.timeout(LOG_END_TIMEOUT_MS);
    await finished(output, { signal }).catch(() => undefined);
    return { code, signal: null };
  } catch (error) {
    return exitOf(error);
  }
}

function exitOf(error: unknown): ServiceExit {
  const problem = error instanceof Error ? error.message : String(error);
  return { code: null, signal: null, problem };
}
