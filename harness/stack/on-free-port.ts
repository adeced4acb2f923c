import { HarnessError } from '#harness/errors/harness-error.ts';
import { findFreePort } from '#harness/processes/free-port.ts';
import { LaunchError } from './launch-server.ts';

const TRIES_MAX = 5;

/**
 * Starts a server on a free loopback port. Another process may take the port between the look and
 * the server's bind: then the server says so and is started again on another one.
 */
export async function onFreePort<Server>(
  name: string,
  start: (port: number) => Promise<Server>,
): Promise<Server> {
  let lastError: unknown;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = await findFreePort();
    if (port === undefined) break;
    try {
      return await start(port);
    } catch (error) {
      if (!(error instanceof LaunchError && error.isPortTaken)) throw error;
      lastError = error;
    }
  }
  throw new HarnessError(`${name} found no free port on 127.0.0.1 in ${TRIES_MAX} tries.`, {
    code: 'H_STACK_NO_FREE_PORT',
    fix: 'End programs that listen on many ports between 20000 and 32000, then try again.',
    cause: lastError,
  });
}
