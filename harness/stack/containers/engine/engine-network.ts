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
 * Desktop and its like) publishes on loopback and leads containers back to it. One elsewhere publishes
 * at the address where we reach it, and reaches us at the one from which we speak to it.
 */
export async function judgeNetwork(
  address: EngineAddress,
  signal: AbortSignal,
): Promise<EngineNetwork> {
  const info = await readEngine(address, { path: '/info', signal }, infoSchema);
  const { localAddress, engineHost } = await askEngine(address, { path: '/_ping', signal });
  // Whoever connects to an address of its own machine has that address too. The name alone would not
  // do: machines that were made from one image share it.
  const isOfThisMachine = localAddress === engineHost;
  if (isOfThisMachine || localAddress === undefined || engineHost === undefined) {
    const isRootless = info.SecurityOptions?.includes('name=rootless') ?? false;
    const isRightHere = process.platform === 'linux' && info.Name === hostname();
    if (isRightHere && info.OSType === 'linux' && !isRootless) return { kind: 'host' };
    const harness = { listenOn: LOOPBACK, harnessHost: ENGINE_MACHINE };
    return { kind: 'bridge', publishOn: LOOPBACK, engineHost: LOOPBACK, ...harness };
  }
  const harness = { listenOn: localAddress, harnessHost: localAddress };
  return { kind: 'bridge', publishOn: engineHost, engineHost, ...harness };
}
