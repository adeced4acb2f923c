import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const LOG_LINES_MAX = 200;
const LOG_LINES_SHOWN = 20;
const KILL_AFTER_MS = 5_000;

export interface LaunchServerOptions {
  file: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** Another user than the harness's own, when it runs as root. */
  user?: { uid: number; gid: number } | undefined;
  /** Text of the log line that says the server serves. */
  readyText: string;
  readyTimeoutMs: number;
  /** What ends it, at once but cleanly. */
  stopSignal: NodeJS.Signals;
  signal?: AbortSignal | undefined;
}

/** A server process that got ready. */
export interface LaunchedServer {
  /** Undefined while it runs; afterwards how it ended. */
  readonly ending: string | undefined;
  /** The end of its log, oldest line first. */
  logTail(): string;
  /** Sends `stopSignal` and waits until the process is gone; after 5 s it is killed. */
  stop(): Promise<void>;
}

/** The server ended, or was not ready in time; carries the end of its log. */
export class LaunchError extends Error {
  readonly isPortTaken: boolean;

  constructor(problem: string, { logTail, ...options }: { logTail: string } & ErrorOptions) {
    super(`${problem}. Its last log lines:\n${logTail || '(none)'}`, options);
    this.name = 'LaunchError';
    this.isPortTaken = /address already in use/i.test(logTail);
  }
}

/** Starts a server and waits for its ready line. Throws LaunchError; nothing runs then. */
export async function launchServer(options: LaunchServerOptions): Promise<LaunchedServer> {
  const { readyTimeoutMs, signal } = options;
  signal?.throwIfAborted();
  const limit = AbortSignal.timeout(readyTimeoutMs);
  const server = spawnServer(options);
  await Promise.race([
    server.ready,
    server.ended,
    aborted(signal ? AbortSignal.any([signal, limit]) : limit),
  ]);
  if (server.isReady && server.ending === undefined && !signal?.aborted) return server;
  const problem = server.ending ?? `was not ready within ${readyTimeoutMs} ms`;
  await server.stop();
  signal?.throwIfAborted();
  throw new LaunchError(`It ${problem}`, { logTail: server.logTail() });
}

interface SpawnedServer extends LaunchedServer {
  readonly ready: Promise<void>;
  readonly isReady: boolean;
  readonly ended: Promise<void>;
}

function spawnServer(options: LaunchServerOptions): SpawnedServer {
  const { file, args, cwd, env, user = {}, readyText } = options;
  // A session of its own: Ctrl-C in a terminal reaches the harness only, which stops it in order.
  const child = spawn(file, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...user,
  });
  const lines: string[] = [];
  const state: { isReady: boolean; ending: string | undefined } = {
    isReady: false,
    ending: undefined,
  };
  const ready = new Promise<void>((resolve) => {
    const onLine = (line: string): void => {
      lines.push(line);
      if (lines.length > LOG_LINES_MAX) lines.shift();
      if (state.isReady || !line.includes(readyText)) return;
      state.isReady = true;
      resolve();
    };
    createInterface({ input: child.stdout }).on('line', onLine);
    createInterface({ input: child.stderr }).on('line', onLine);
  });
  const ended = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      state.ending ??= how;
      resolve();
    };
    child.once('error', (error) => end(`could not be started (${error.message})`));
    child.once('close', (code, killedBy) => end(`ended with ${killedBy ?? `exit code ${code}`}`));
  });
  return {
    ready,
    ended,
    get isReady() {
      return state.isReady;
    },
    get ending() {
      return state.ending;
    },
    logTail: () => lines.slice(-LOG_LINES_SHOWN).join('\n'),
    stop: async () => {
      if (state.ending !== undefined) return;
      child.kill(options.stopSignal);
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
