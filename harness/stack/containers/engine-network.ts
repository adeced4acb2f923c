import { hostname } from 'node:os';
import { z } from 'zod';
import { askEngine, type EngineAddress, readEngine } from './docker-engine.ts';

/** How containers and the harness reach each other. */
export type EngineNetwork =
  /** They share this machine's network, so that everything binds to its loopback. */
  | { kind: 'host' }
  | {
      kind: 'bridge';
      /** Address at which the engine publishes ports. */
      publishOn: string;
      /** Where the harness finds a published port. */
      engineHost: string;
      /** Where the harness listens for containers, and what they call that place. */
      listenOn: string;
      harnessHost: string;
    };

/** Docker's own name, inside a container, for the machine of the engine. */
export const ENGINE_MACHINE = 'host.docker.internal';

const LOOPBACK = '127.0.0.1';

const infoSchema = z.object({
  Name: z.string(),
  OSType: z.string(),
  SecurityOptions: z.array(z.string()).nullish(),
});

/**
 * An engine right on this Linux shares its network. One in a virtual machine of this machine (Docker
 * Desktop and its like) publishes on loopback and leads containers back to it. One elsewhere is
 * reached by its name, and reaches us at the address from which we speak to it.
 */
export async function judgeNetwork(
  address: EngineAddress,
  signal: AbortSignal,
): Promise<EngineNetwork> {
  const info = await readEngine(address, { path: '/info', signal }, infoSchema);
  const isRootless = info.SecurityOptions?.includes('name=rootless') ?? false;
  const isHere = process.platform === 'linux' && info.Name === hostname();
  if (isHere && info.OSType === 'linux' && !isRootless) return { kind: 'host' };
  const { protocol, hostname: engineHost } = new URL(address.host);
  if (protocol === 'unix:') {
    const harness = { listenOn: LOOPBACK, harnessHost: ENGINE_MACHINE };
    return { kind: 'bridge', publishOn: LOOPBACK, engineHost: LOOPBACK, ...harness };
  }
  const { localAddress = LOOPBACK } = await askEngine(address, { path: '/_ping', signal });
  const harness = { listenOn: localAddress, harnessHost: localAddress };
  return { kind: 'bridge', publishOn: '0.0.0.0', engineHost, ...harness };
}
