import { spawn } from 'node:child_process';
import { argv } from 'node:process';
import { removeStack, sweepDeadStacks } from './sweep.ts';

/** Outlives the process that started it, to remove what that process could not. */
export interface Guard {
  /** Dismisses the guard: nothing is left to remove. */
  dismiss(): void;
}

// The guard waits at the end of a pipe whose other end only the harness holds. However the harness
// ends (SIGKILL too), the kernel closes the pipe, and only then a Node is started to clean up.
// Unlike a parent-death signal this holds on every platform, survives a change of user and of the
// starting thread, and removes directories as well as processes.
const SCRIPT = 'trap "" HUP INT TERM; read -r _; exec "$@"';
const CLEAN_UP = '--clean-up-after-dead-harness';

/** Watches over the stack `name` whose directories lie in `roots`. */
export function startGuard({ name, roots }: { name: string; roots: readonly string[] }): Guard {
  const cleanUp = [process.execPath, import.meta.filename, CLEAN_UP, name, ...roots];
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'tally-guard', ...cleanUp], {
    detached: true, // A session of its own: Ctrl-C in a terminal reaches the harness only.
    cwd: '/',
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined); // Without a shell the next start sweeps.
  child.stdin.on('error', () => undefined);
  // Neither keeps the harness from ending.
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return { dismiss: () => void child.kill('SIGKILL') };
}

// The rest runs only in the Node that the guard starts.
const [program, option, deadStack, ...deadRoots] = argv.slice(1);
if (program === import.meta.filename && option === CLEAN_UP && deadStack !== undefined) {
  await removeStack(deadStack, deadRoots);
  await sweepDeadStacks(deadRoots);
}
