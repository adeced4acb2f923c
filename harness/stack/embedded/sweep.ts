import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findProcessesUsing } from './process-table.ts';
import { judgeOwner } from './stack-name.ts';

const ELSEWHERE_AGE_MAX_MS = 24 * 3_600_000;

/**
 * Removes what stacks of dead processes left in the roots: first the processes that use their
 * directories, then the directories. Never touches a living owner's, nor another user's. Several
 * sweeps may run at once.
 */
export async function sweepDeadStacks(roots: readonly string[]): Promise<void> {
  for (const root of roots) {
    for (const name of await readdir(root).catch(() => [])) {
      if (await isDead(root, name)) await removeStack(name, [root]);
    }
  }
}

/** Kills every process that uses a directory of the stack, and removes these directories. */
export async function removeStack(name: string, roots: readonly string[]): Promise<void> {
  for (const pid of await findProcessesUsing(`/${name}/`)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself, or belongs to another user.
    }
  }
  for (const root of roots) {
    // A process that is just dying may still write: rm tries again then.
    await rm(join(root, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  }
}

async function isDead(root: string, name: string): Promise<boolean> {
  const owner = await judgeOwner(name);
  if (owner === 'alive' || owner === 'not-a-stack') return false;
  const status = await lstat(join(root, name)).catch(() => undefined);
  if (status === undefined || status.uid !== process.getuid?.()) return false;
  if (owner === 'dead') return true;
  const isOld = Date.now() - status.mtimeMs > ELSEWHERE_AGE_MAX_MS;
  return isOld && (await findProcessesUsing(`/${name}/`)).length === 0;
}
