import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findProcessesUsing } from '../process-table.ts';
import { judgeOwner } from '../stack-name.ts';

const KILL_AFTER_MS = 1_000;
const GIVE_UP_AFTER_MS = 3_000;
const POLL_MS = 10;
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

/** Ends every process that uses a directory of the stack, and removes these directories. */
export async function removeStack(name: string, roots: readonly string[]): Promise<void> {
  if ((await judgeOwner(name)) === 'not-a-stack') throw new Error(`"${name}" names no stack.`);
  await endProcesses(`/${name}/`);
  await removeDirectories(name, roots);
}

/** Removes the stack's directory in each root, as far as that is possible. */
export async function removeDirectories(name: string, roots: readonly string[]): Promise<void> {
  for (const root of roots) {
    // One root that cannot be cleaned (read-only, say) must not keep the others from it.
    await rm(join(root, name), {
      recursive: true,
      force: true,
      maxRetries: 5,
      retryDelay: 20,
    }).catch(() => undefined);
  }
}

/** SIGQUIT first: a Postgres that is killed leaves its segment of shared memory behind. */
async function endProcesses(fragment: string): Promise<void> {
  const startedMs = performance.now();
  let signalled = new Set<number>();
  for (;;) {
    const elapsedMs = performance.now() - startedMs;
    const pids = await findProcessesUsing(fragment);
    if (pids.length === 0 || elapsedMs > GIVE_UP_AFTER_MS) return;
    const isPatient = elapsedMs < KILL_AFTER_MS;
    for (const pid of pids) {
      if (!(isPatient && signalled.has(pid))) signal(pid, isPatient ? 'SIGQUIT' : 'SIGKILL');
    }
    signalled = new Set(pids);
    await pause(POLL_MS);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself, or belongs to another user.
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
