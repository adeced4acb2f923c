import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Service } from './service.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export interface ConnectServiceOptions {
  name: string;
  /** Base URL of a service that somebody else runs. */
  url: string;
  readyPath: string;
  readyTimeoutMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * A service that already runs: waits until it is ready and leaves it running. Its log is empty, and
 * kill() and restart() throw H_SERVICE_NOT_OURS. Throws H_SERVICE_NOT_READY.
 */
export async function connectService(options: ConnectServiceOptions): Promise<Service> {
  const { name } = options;
  const url = options.url.replace(/\/$/, '');
  const log = { lines: [], tail: () => '' };
  const never = Promise.withResolvers<never>().promise;
  await waitUntilReady({
    ...options,
    url: `${url}${options.readyPath}`,
    timeoutMs: options.readyTimeoutMs,
    exited: never,
    log,
  });
  const notOurs = (what: string) => (): Promise<never> =>
    Promise.reject(
      new HarnessError(
        `The service "${name}" at ${url} cannot be ${what}: Tally did not start it.`,
        {
          code: 'H_SERVICE_NOT_OURS',
          fix: 'Give service.command in tally.config.ts, so that Tally starts the service itself.',
        },
      ),
    );
  return {
    name,
    url,
    log,
    pid: undefined,
    isRunning: true,
    stop: async () => ({ code: null, signal: null }),
    kill: notOurs('killed'),
    restart: notOurs('restarted'),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
