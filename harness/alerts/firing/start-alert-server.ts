import { HarnessError } from '#harness/errors/harness-error.ts';
import {
  LaunchError,
  type LaunchServerOptions,
  launchServer,
} from '#harness/stack/launch-server.ts';
import { onFreePort } from '#harness/stack/on-free-port.ts';

const READY_TIMEOUT_MS = 30_000;

/** A Prometheus or an Alertmanager on a free loopback port. */
export interface ServerOfAlerts extends AsyncDisposable {
  /** e.g. "127.0.0.1:23456". */
  readonly address: string;
  logTail(): string;
}

type AlertServerOptions = { name: string } & Pick<
  LaunchServerOptions,
  'file' | 'args' | 'cwd' | 'readyText' | 'signal'
>;

/** Starts one of them and waits until it serves. Throws H_ALERTS_FIRING; nothing runs then. */
export async function startAlertServer({
  name,
  args,
  ...options
}: AlertServerOptions): Promise<ServerOfAlerts> {
  const start = async (port: number): Promise<ServerOfAlerts> => {
    const address = `127.0.0.1:${port}`;
    const server = await launchServer({
      ...options,
      args: [...args, `--web.listen-address=${address}`],
      env: {},
      readyTimeoutMs: READY_TIMEOUT_MS,
      stopSignal: 'SIGKILL', // Its data is thrown away, so there is nothing to end in order.
    });
    return {
      address,
      logTail: () => server.logTail(),
      [Symbol.asyncDispose]: async () => await server.stop(),
    };
  };
  try {
    return await onFreePort(name, start);
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    throw new HarnessError(`${name} (${options.file}) did not start. ${error.message}`, {
      code: 'H_ALERTS_FIRING',
      fix: 'Correct what its log says.',
      cause: error,
    });
  }
}
