import { once } from 'node:events';
import { connect } from 'node:net';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { EngineNetwork } from './engine/engine-network.ts';

const TIMEOUT_MS = 5_000;

interface PublishedPort {
  /** Of the server, e.g. "Prometheus". */
  name: string;
  host: string;
  port: number;
}

/** Throws H_STACK_PORT_UNREACHED when nothing accepts a connection at a port that was published. */
export async function requireReachable({ name, host, port }: PublishedPort): Promise<void> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HarnessError(
      `${name} runs, but is not reached at ${host}:${port}, where the engine published it (${reason}).`,
      {
        code: 'H_STACK_PORT_UNREACHED',
        fix: `Let the firewall pass connections to the ports that Docker publishes, and ${OWN_ADDRESS}`,
        cause: error,
      },
    );
  } finally {
    socket.destroy();
  }
}

/** What it means that the engine could not publish at its address; undefined for another failure. */
export function publishError(network: EngineNetwork, failure: Error): HarnessError | undefined {
  if (network.kind === 'host') return undefined;
  if (!failure.message.includes('cannot assign requested address')) return undefined;
  return new HarnessError(
    `The Docker engine cannot publish at ${network.publishOn}: its machine has another address.`,
    {
      code: 'H_STACK_PORT_UNREACHED',
      // Published at every address, the servers would be open to networks that nobody thought of.
      fix: `To have nothing published everywhere, ${OWN_ADDRESS}`,
      cause: failure,
    },
  );
}

const OWN_ADDRESS =
  'name in DOCKER_HOST an address that the machine of the engine has itself, with no tunnel or translation in between.';
