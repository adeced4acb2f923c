import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { judgeOwner } from '../stack-name.ts';
import { askEngine, type EngineAddress, readEngine } from './engine/docker-engine.ts';

/** Of every container, with the name of its stack as the value. */
export const STACK_LABEL = 'tally.run';
/** Of containers of the service, which may end at any time. */
export const SERVICE_LABEL = 'tally.service';

const TIMEOUT_MS = 10_000;
const POLL_MS = 50;
const ELSEWHERE_AGE_MAX_MS = 24 * 3_600_000;

const containersSchema = z.array(
  z.object({
    Id: z.string(),
    Created: z.number(),
    Labels: z.record(z.string(), z.string()),
  }),
);

/** Removes the stack's containers, running or not, with their volumes. Throws when it cannot. */
export async function removeContainers(address: EngineAddress, stackName: string): Promise<void> {
  const found = await listContainers(address, `${STACK_LABEL}=${stackName}`);
  await Promise.all(found.map(async ({ Id }) => await removeContainer(address, Id)));
}

/**
 * The same for the stack of a dead process: for a while, since the engine may still be at work on
 * what that process asked for last.
 */
export async function removeContainersOfDead(
  address: EngineAddress,
  stackName: string,
  forMs = 1_500,
): Promise<void> {
  const deadlineMs = performance.now() + forMs;
  do {
    await removeContainers(address, stackName);
    await pause(POLL_MS);
  } while (performance.now() < deadlineMs);
}

/** Removes the containers that stacks of dead processes left. Never touches a living owner's. */
export async function sweepDeadContainers(address: EngineAddress): Promise<void> {
  const found = await listContainers(address, STACK_LABEL);
  const dead = await Promise.all(
    found.map(async ({ Id, Created, Labels }) => {
      const owner = await judgeOwner(Labels[STACK_LABEL] ?? '');
      const isOld = Date.now() - Created * 1_000 > ELSEWHERE_AGE_MAX_MS;
      return owner === 'dead' || (owner === 'elsewhere' && isOld) ? [Id] : [];
    }),
  );
  await Promise.all(dead.flat().map(async (id) => await removeContainer(address, id)));
}

async function listContainers(address: EngineAddress, label: string) {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const path = `/containers/json?all=1&filters=${filters}`;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return await readEngine(address, { path, signal }, containersSchema);
}

async function removeContainer(address: EngineAddress, id: string): Promise<void> {
  const path = `/containers/${id}?force=1&v=1`;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const { status, body } = await askEngine(address, { method: 'DELETE', path, signal });
  // 404 and 409: somebody else has removed it, or is about to.
  if (status > 299 && status !== 404 && status !== 409) throw new Error(`${path}: ${body.trim()}`);
}
