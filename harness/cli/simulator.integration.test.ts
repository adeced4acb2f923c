import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  childEnvironment,
  loadHarnessEnvironment,
  processEnvironment,
} from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { providerWiring } from '#harness/modes/provider-wiring.ts';
import { startService } from '#harness/service/start-service.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { TALLY } from './run-tally.ts';
import { writeShortConfig } from './short-config.fixture.ts';

const SEED = 'compose';
const SOON = { timeout: 60_000, interval: 50 };

test('simulator fills an empty database and sends traffic through a service that it did not start', {
  tags: ['integration', 'slow'],
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  const file = await writeShortConfig(join(folder, 'short'));
  const { config, root } = await loadConfig(file);
  await using stack = await startEmbeddedStack({ ...loadHarnessEnvironment(), slots: 0 });
  const empty = await stack.postgres.createTemplate(async () => undefined);
  await using database = await empty.clone();
  const simulate = (...args: string[]) => start(['--config', file, '--seed', SEED, ...args]);
  const first = simulate('--port', '0', '--database-url', database.url);
  await expect.poll(() => first.printed(), SOON).toContain('azure');
  const url = /simulator +(\S+)/.exec(first.printed())?.[1] ?? '';
  await using service = await startService({
    ...config.service,
    cwd: config.service.cwd ?? root,
    environment: (port) => ({
      ...childEnvironment(),
      ...config.service.environment({
        mode: 'production',
        host: '127.0.0.1',
        port,
        databaseUrl: database.url,
        providers: providerWiring(
          (provider) => `${url}/${provider}${provider === 'openai' ? '/v1' : ''}`,
          SEED,
        ),
      }),
    }),
  });
  // Where compose starts one again the database is full, and is left as it is.
  expect(await first.end()).toBe(0);
  const port = new URL(url).port;
  const second = simulate(
    '--port',
    port,
    '--database-url',
    database.url,
    '--service-url',
    service.url,
  );
  await expect.poll(() => second.printed(), SOON).toContain('round 1: ');
  const metrics = await (await fetch(`${service.url}${config.service.metricsPath}`)).text();
  expect(metrics).toMatch(/http_requests_total\{[^}]*status="200"[^}]*\} [1-9]/);
  expect(await second.end()).toBe(0);
});

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [TALLY, 'simulator', ...args], {
    env: { ...processEnvironment(), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let shown = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
  }
  return {
    printed: () => shown,
    end: async (): Promise<unknown> => {
      child.kill('SIGINT');
      const [exitCode] = await once(child, 'close');
      return exitCode;
    },
  };
}
