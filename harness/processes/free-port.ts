import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the range from which the kernel gives ports to outgoing connections, so that a port that
// is free now is not taken by a passing client before the service listens on it.
const PORT_MIN = 20_000;
const PORT_MAX = 32_000;
const TRIES_MAX = 50;

/** A loopback port that nobody listens on. Undefined when none was found. */
export async function findFreePort(): Promise<number | undefined> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(PORT_MIN, PORT_MAX);
    if (await isPortFree(port)) return port;
  }
  return undefined;
}

/** Whether a server could listen on 127.0.0.1:port now. */
export async function isPortFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}
