import { getContainerRuntimeClient } from 'testcontainers';
import { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { type EngineAddress, readEngine } from './docker-engine.ts';

const modemSchema = z.object({
  socketPath: z.string().optional(),
  host: z.string().optional(),
  port: z.union([z.string(), z.number()]).optional(),
});
const infoSchema = z.object({ ID: z.string() });

/**
 * testcontainers starts the containers, and whoever watches and removes them asks the engine itself.
 * Both read the same variables, but testcontainers reads a file too, and takes another engine when the
 * one it should take does not suit it. Throws H_STACK_ENGINE_DIFFERS.
 */
export async function requireSameEngine(
  address: EngineAddress,
  signal: AbortSignal,
): Promise<void> {
  const other = await findOther(address, signal);
  if (other === undefined) return;
  throw new HarnessError(
    `testcontainers does not use the Docker engine at ${address.host}, but ${other}.`,
    {
      code: 'H_STACK_ENGINE_DIFFERS',
      fix: 'Correct tc.host and docker.host in ~/.testcontainers.properties, and TESTCONTAINERS_HOST_OVERRIDE; with DEBUG=testcontainers* it says why.',
    },
  );
}

/** What testcontainers uses instead, as part of a sentence; undefined when it is the same engine. */
async function findOther(address: EngineAddress, signal: AbortSignal): Promise<string | undefined> {
  const client = await getContainerRuntimeClient().catch(() => undefined);
  if (client === undefined) return 'none at all';
  const { dockerode } = client.container;
  const { socketPath, host, port } = modemSchema.parse(dockerode.modem);
  const theirs = host ? `tcp://${host}:${port}` : `unix://${socketPath}`;
  if (theirs === address.host.replace(/^https?:/, 'tcp:')) return undefined;
  // One engine may have two addresses.
  const ours = await readEngine(address, { path: '/info', signal }, infoSchema);
  const { ID } = infoSchema.parse(await dockerode.info());
  return ID === ours.ID ? undefined : `the one at ${theirs}`;
}
