import { fileURLToPath } from 'node:url';
import { findFreePort } from '#harness/processes/free-port.ts';
import type { Service } from '#harness/service/service.ts';
import { startService } from '#harness/service/start-service.ts';

const MEND = new URL('./mend-gateway.ts', import.meta.url).href;
const GATEWAY = fileURLToPath(import.meta.resolve('@portkey-ai/gateway/build/start-server.js'));

/** A gateway that authenticates nobody, meters nothing and writes no row: what others cost. */
export async function startGateway(
  root: string,
  baseEnv: Readonly<Record<string, string>>,
): Promise<Service> {
  const port = await findFreePort();
  return startService({
    name: '@portkey-ai/gateway',
    command: ['node', '--import', MEND, GATEWAY, `--port=${port}`, '--headless'],
    cwd: root,
    environment: () => ({ ...baseEnv, NODE_ENV: 'production' }),
    port,
    readyPath: '/',
    readyTimeoutMs: 30_000,
  });
}
