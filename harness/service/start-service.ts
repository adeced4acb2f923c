import { type ChildProcess, spawn } from 'node:child_process';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { boundToParent } from '#harness/processes/bound-to-parent.ts';
import { findFreePort, isPortFree } from '#harness/processes/free-port.ts';
import { collectLog, type ProcessLog } from '#harness/processes/process-log.ts';
import type { Service, ServiceExit } from './service.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export interface StartServiceOptions {
  name: string;
  command: readonly [string, ...string[]];
  cwd: string;
  /** The whole environment of the process, made for the port it will listen on. */
  environment: (port: number) => Readonly<Record<string, string>>;
  /** A fixed port; a free one is chosen when left out. */
  port?: number | undefined;
  readyPath: string;
  readyTimeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** Starts the service and waits until it is ready. Throws H_SERVICE_*; nothing runs then. */
export async function startService(options: StartServiceOptions): Promise<Service> {
  const port = await choosePort(options);
  const url = `http://127.0.0.1:${port}`;
  let running = await launch({ ...options, port, url });
  return {
    name: options.name,
    url,
    get log() {
      return running.log;
    },
    get pid() {
      return running.child.pid;
    },
    get isRunning() {
      return isAlive(running.child);
    },
    stop: (stopOptions) => stopProcess(running, stopOptions),
    kill: () => stopProcess(running, { graceMs: 0 }),
    restart: async () => {
      await stopProcess(running);
      running = await launch({ ...options, port, url });
    },
    [Symbol.asyncDispose]: async () => {
      await stopProcess(running);
    },
  };
}

async function choosePort({ name, port }: StartServiceOptions): Promise<number> {
  if (port === undefined) {
    const free = await findFreePort();
    if (free !== undefined) return free;
  } else if (await isPortFree(port)) {
    return port;
  }
  throw new HarnessError(
    `The service "${name}" cannot listen on 127.0.0.1:${port ?? '(any)'}: the port is in use.`,
    {
      code: 'H_SERVICE_PORT_IN_USE',
      fix: 'End the process that listens there, or leave service.port out of tally.config.ts.',
    },
  );
}

interface RunningProcess {
  child: ChildProcess;
  log: ProcessLog;
  exited: Promise<ServiceExit>;
}

interface LaunchOptions extends StartServiceOptions {
  port: number;
  url: string;
}

async function launch(options: LaunchOptions): Promise<RunningProcess> {
  const { name, command, cwd, url, port } = options;
  const [file, ...args] = boundToParent(command);
  const child = spawn(file, args, {
    cwd,
    env: { ...options.environment(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = collectLog(child.stdout, child.stderr);
  let spawnError: Error | undefined;
  const exited = new Promise<ServiceExit>((resolve) => {
    child.once('error', (error) => {
      spawnError = error;
      resolve({ code: null, signal: null });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const running = { child, log, exited };
  try {
    await waitUntilReady({
      name,
      url: `${url}${options.readyPath}`,
      timeoutMs: options.readyTimeoutMs,
      exited,
      describeExit: (exit) => spawnError?.message ?? `exit code ${exit.code ?? exit.signal}`,
      log,
      signal: options.signal,
    });
  } catch (error) {
    await stopProcess(running, { graceMs: 0 });
    throw error;
  }
  return running;
}

async function stopProcess(
  { child, exited }: RunningProcess,
  { graceMs = 10_000 }: { graceMs?: number } = {},
): Promise<ServiceExit> {
  if (isAlive(child)) child.kill(graceMs === 0 ? 'SIGKILL' : 'SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  try {
    return await exited;
  } finally {
    clearTimeout(timer);
  }
}

function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
