import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { LaunchError } from '../launch-server.ts';
import { onFreePort } from '../on-free-port.ts';
import { ENGINE_MACHINE, type EngineNetwork } from './engine/engine-network.ts';
import { publishError, requireReachable } from './published-port.ts';
import { STACK_LABEL } from './remove-containers.ts';

const LOOPBACK = '127.0.0.1';
const LOG_LINES_MAX = 20;
const LOG_END_TIMEOUT_MS = 1_000;

/** What containers of one stack have in common. */
export interface ContainerPlace {
  stackName: string;
  network: EngineNetwork;
  signal: AbortSignal;
}

export interface StackContainerOptions extends ContainerPlace {
  /** For messages, e.g. "Prometheus". */
  name: string;
  /** Makes the container, its server listening at this address. */
  create: (listenAt: { host: string; port: number }) => GenericContainer;
  /** The port the server listens on where it has a network of its own. */
  port: number;
  /** Text of the log line that says the server serves, and the how manieth of them it is. */
  readyText: string;
  readyTimes?: number;
  readyTimeoutMs: number;
}

/** A server in a container that got ready. */
export interface RunningContainer {
  /** Where the harness reaches it. */
  readonly host: string;
  readonly port: number;
  /** Where the other containers reach it. */
  readonly peer: string;
  /** Puts files into it. */
  copy(files: readonly { content: string; target: string; mode: number }[]): Promise<void>;
  /** The end of its log, oldest line first. */
  logTail(): string;
}

/** Starts a server and waits for its ready line. Throws LaunchError with the end of its log. */
export async function startContainer(options: StackContainerOptions): Promise<RunningContainer> {
  const { name, network, port } = options;
  if (network.kind === 'host') {
    return await onFreePort(name, async (free) => {
      const { started, logTail } = await launch(options, { host: LOOPBACK, port: free });
      const reached = { host: LOOPBACK, port: free, peer: `${LOOPBACK}:${free}` };
      return { ...reached, copy: copyInto(started), logTail };
    });
  }
  const { started, logTail } = await launch(options, { host: '0.0.0.0', port });
  const [bridge = 'bridge'] = started.getNetworkNames();
  const published = { host: network.engineHost, port: started.getMappedPort(port) };
  await requireReachable({ name, ...published });
  return {
    ...published,
    peer: `${started.getIpAddress(bridge)}:${port}`,
    copy: copyInto(started),
    logTail,
  };
}

function copyInto(started: StartedTestContainer): RunningContainer['copy'] {
  return async (files) => await started.copyContentToContainer([...files]);
}

async function launch(
  options: StackContainerOptions,
  listenAt: { host: string; port: number },
): Promise<{ started: StartedTestContainer; logTail: () => string }> {
  const { create, stackName, readyText, readyTimes = 1, readyTimeoutMs, signal } = options;
  const lines: string[] = [];
  const logEnded = Promise.withResolvers<void>();
  const container = placeOn(options.network, create(listenAt))
    .withLabels({ [STACK_LABEL]: stackName })
    // A reaper is a second container, and seconds. The guard and the next start's sweep remove ours.
    .withAutoCleanup(false)
    .withWaitStrategy(Wait.forLogMessage(readyText, readyTimes))
    .withStartupTimeout(readyTimeoutMs)
    .withLogConsumer((log: Readable) => {
      const reader = createInterface({ input: log });
      reader.once('close', () => logEnded.resolve());
      reader.on('line', (line) => {
        lines.push(line);
        if (lines.length > LOG_LINES_MAX) lines.shift();
      });
    });
  const logTail = (): string => lines.join('\n');
  signal.throwIfAborted();
  try {
    // testcontainers cannot be stopped at this; whoever aborts removes what it leaves.
    const started = await Promise.race([container.start(), rejectOnAbort(signal)]);
    return { started, logTail };
  } catch (error) {
    signal.throwIfAborted();
    // The reason may be in lines that are still on their way.
    if (lines.length > 0) await Promise.race([logEnded.promise, pause(LOG_END_TIMEOUT_MS)]);
    const problem = error instanceof Error ? error.message : String(error);
    const failure = new LaunchError(problem, { logTail: logTail(), cause: error });
    throw publishError(options.network, failure) ?? failure;
  }
}

async function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function placeOn(network: EngineNetwork, container: GenericContainer): GenericContainer {
  if (network.kind === 'host') return container.withNetworkMode('host');
  return container.withExtraHosts([{ host: ENGINE_MACHINE, ipAddress: 'host-gateway' }]);
}

/**
 * What a container publishes: nothing where it shares the network, else its port at the one address
 * that the network names. Of itself testcontainers publishes on every address of the machine.
 */
export function portBindings(network: EngineNetwork, port: number) {
  if (network.kind === 'host') return {};
  return { [`${port}/tcp`]: [{ HostIp: network.publishOn, HostPort: '0' }] };
}

/** Mounts memory at these folders: faster than a disk, and gone with the container. */
export function inMemory(folders: readonly string[]): Record<string, string> {
  return Object.fromEntries(folders.map((folder) => [folder, 'rw']));
}
