import { HarnessError } from '#harness/errors/harness-error.ts';
import { findFreePort, isPortFree } from '#harness/processes/free-port.ts';
import type { Service, ServiceExit } from './service.ts';
import type { LaunchedProcess, ServicePlace } from './service-place.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const GRACE_MS = 10_000;

export interface RunServiceOptions {
  name: string;
  place: ServicePlace;
  /** The whole environment of the service, made for the port it will listen on. */
  environment: (port: number) => Readonly<Record<string, string>>;
  /** A fixed port; a free one is chosen when left out. */
  port?: number | undefined;
  readyPath: string;
  readyTimeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** Starts the service at its place and waits until it is ready. Throws H_SERVICE_*; nothing runs then. */
export async function runService(options: RunServiceOptions): Promise<Service> {
  const port = await choosePort(options);
  const url = `http://${options.place.serviceHost}:${port}`;
  let running = await launch(options, { port, url });
  return {
    name: options.name,
    url,
    get log() {
      return running.log;
    },
    get pid() {
      return running.pid;
    },
    get isRunning() {
      return running.isRunning;
    },
    stop: (stopOptions) => stopProcess(running, stopOptions),
    kill: () => stopProcess(running, { graceMs: 0 }),
    restart: async () => {
      await stopProcess(running);
      running = await launch(options, { port, url });
    },
    [Symbol.asyncDispose]: async () => {
      await stopProcess(running);
    },
  };
}

async function choosePort({ name, port }: RunServiceOptions): Promise<number> {
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

async function launch(
  { name, place, environment, readyPath, readyTimeoutMs, signal }: RunServiceOptions,
  { port, url }: { port: number; url: string },
): Promise<LaunchedProcess> {
  const running = await place.launch({ port, environment: environment(port) });
  const { exited, log } = running;
  try {
    const timeoutMs = readyTimeoutMs;
    await waitUntilReady({ name, url: `${url}${readyPath}`, timeoutMs, exited, log, signal });
  } catch (error) {
    await stopProcess(running, { graceMs: 0 });
    throw error;
  }
  return running;
}

async function stopProcess(
  running: LaunchedProcess,
  { graceMs = GRACE_MS }: { graceMs?: number } = {},
): Promise<ServiceExit> {
  if (running.isRunning) running.kill(graceMs === 0 ? 'SIGKILL' : 'SIGTERM');
  const timer = setTimeout(() => running.kill('SIGKILL'), graceMs);
  try {
    return await running.exited;
  } finally {
    clearTimeout(timer);
  }
}
