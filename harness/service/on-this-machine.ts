import { type ChildProcess, spawn } from 'node:child_process';
import { boundToParent } from '#harness/processes/bound-to-parent.ts';
import { collectLog } from '#harness/processes/process-log.ts';
import type { ServiceExit } from './service.ts';
import type { LaunchedProcess, LaunchOptions, ServicePlace } from './service-place.ts';

const LOOPBACK = '127.0.0.1';

export interface OnThisMachineOptions {
  command: readonly [string, ...string[]];
  cwd: string;
  /** What every process of this machine gets: PATH, HOME. */
  baseEnv?: Readonly<Record<string, string>>;
}

/** A service that runs as a process of this machine, on loopback, and dies with the harness. */
export function onThisMachine(options: OnThisMachineOptions): ServicePlace {
  return {
    listenHost: LOOPBACK,
    serviceHost: LOOPBACK,
    harness: { listenOn: LOOPBACK, host: LOOPBACK },
    databaseUrl: (url) => url,
    launch: async (launch) => spawnService(options, launch),
  };
}

function spawnService(
  { command, cwd, baseEnv }: OnThisMachineOptions,
  { environment }: LaunchOptions,
): LaunchedProcess {
  const [file, ...args] = boundToParent(command);
  const env = { ...baseEnv, ...environment };
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = collectLog(child.stdout, child.stderr);
  const exited = new Promise<ServiceExit>((resolve) => {
    child.once('error', ({ message }) => resolve({ code: null, signal: null, problem: message }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    log,
    pid: child.pid,
    exited,
    get isRunning() {
      return isAlive(child);
    },
    kill: (signal) => void child.kill(signal),
  };
}

function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
