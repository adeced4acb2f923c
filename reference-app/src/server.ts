import type { FastifyInstance } from 'fastify';
import { build } from './app.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';

/** How often a shutdown closes the connections whose last answer has ended. */
const IDLE_SWEEP_MS = 20;

/**
 * Refuses new calls, lets open streams finish within the limit, then cuts them. The process then
 * ends by itself, so that everything it has to write at its end is written.
 */
async function shutDown(app: FastifyInstance, limitMs: number): Promise<void> {
  // Node closes connections that are idle now, but a keep-alive connection whose stream ends later
  // would hold the server open until its own time-out.
  const sweep = setInterval(() => app.server.closeIdleConnections(), IDLE_SWEEP_MS);
  const limit = setTimeout(() => app.server.closeAllConnections(), limitMs);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(limit);
  }
}

async function serve(config: Config): Promise<void> {
  const app = await build(config);
  let isClosing = false;
  const onSignal = (): void => {
    if (isClosing) return;
    isClosing = true;
    shutDown(app, config.shutdownLimitMs).catch((error: unknown) => {
      app.log.error(
        { cause: error instanceof Error ? error.message : undefined },
        'shutdown failed',
      );
      process.exitCode = 1;
    });
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  const url = await app.listen({ host: config.host, port: config.port });
  // Shown at every log level: with PORT=0 it is the only place that says the port.
  app.log.child({}, { level: 'info' }).info({ url }, 'listening');
}

try {
  await serve(loadConfig());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? error.exitCode : 1;
}
