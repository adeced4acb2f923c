import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Outlives the process that started it, to remove what that process could not. */
export interface Guard {
  /** Dismisses the guard: nothing is left to remove. It has ended when this resolves. */
  dismiss(): Promise<void>;
}

export interface GuardOptions {
  /** A file for Node, and its arguments: what removes what is left. */
  cleanUp: readonly [string, ...string[]];
  /** All that the clean-up gets of the environment. */
  env?: Readonly<Record<string, string>>;
}

// The guard waits at the end of a pipe whose other end only the harness holds. However the harness
// ends (SIGKILL too), the kernel closes the pipe, and only then a Node is started to clean up.
// Unlike a parent-death signal this holds on every platform, survives a change of user and of the
// starting thread, and removes directories and containers as well as processes.
const SCRIPT = 'trap "" HUP INT TERM; read -r _; exec "$@"';

/** Runs the clean-up as soon as this process has ended, unless it is dismissed before. */
export function startGuard({ cleanUp, env = {} }: GuardOptions): Guard {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'tally-guard', process.execPath, ...cleanUp], {
    detached: true, // A session of its own: Ctrl-C in a terminal reaches the harness only.
    cwd: '/',
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined); // Without a shell the next start sweeps.
  child.stdin.on('error', () => undefined);
  // Neither keeps the harness from ending.
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  const dismiss = async (): Promise<void> => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.ref();
    child.kill('SIGKILL');
    await ended;
  };
  return { dismiss };
}
