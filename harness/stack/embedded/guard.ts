import { spawn } from 'node:child_process';
import { extname, join } from 'node:path';

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
const MAIN = join(import.meta.dirname, `guard-main${extname(import.meta.filename)}`);

/** Watches over the stack `name` whose directories lie in `roots`. */
export function startGuard({ name, roots }: { name: string; roots: readonly string[] }): Guard {
  const child = spawn(
    '/bin/sh',
    ['-c', SCRIPT, 'tally-guard', process.execPath, MAIN, name, ...roots],
    // A session of its own: Ctrl-C in a terminal reaches the harness only.
    { detached: true, cwd: '/', env: {}, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  child.on('error', () => undefined); // Without a shell the next start sweeps.
  child.unref();
  child.stdin.on('error', () => undefined);
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return { dismiss: () => void child.kill('SIGKILL') };
}
