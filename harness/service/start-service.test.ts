import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { findFreePort, isPortFree } from '#harness/processes/free-port.ts';
import { startService } from './start-service.ts';

const SERVER = `
  const server = require('node:http').createServer((request, response) => response.end(process.pid + ''));
  server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

function options(script: string, more: { port?: number; readyTimeoutMs?: number } = {}) {
  return {
    name: 'specimen',
    command: ['node', '-e', script] as const,
    cwd: process.cwd(),
    environment: (port: number) => ({ PORT: String(port) }),
    readyPath: '/',
    readyTimeoutMs: 10_000,
    ...more,
  };
}

async function pidBehind(url: string): Promise<string> {
  return await (await fetch(url, { headers: { connection: 'close' } })).text();
}

describe('startService', () => {
  test('starts, restarts on the same port, stops and leaves the port free', async () => {
    const service = await startService(options(SERVER));
    const first = await pidBehind(service.url);
    expect(service.log.lines).toEqual(['listening']);
    await service.restart();
    expect(await pidBehind(service.url)).not.toBe(first);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(service.isRunning).toBe(false);
    expect(await isPortFree(Number(new URL(service.url).port))).toBe(true);
  });

  test('kills without asking', async () => {
    const service = await startService(options(SERVER));
    expect(await service.kill()).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('ends a service that ignores SIGTERM after the grace', async () => {
    await using service = await startService(
      options(SERVER.replace('server.close(() => process.exit(0))', 'undefined')),
    );
    expect(await service.stop({ graceMs: 50 })).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('shows the log of a service that ends before it is ready', async () => {
    const failing = options('console.error("no master key"); process.exit(78);');
    await expect(startService(failing)).rejects.toMatchObject({
      code: 'H_SERVICE_EXITED',
      message: expect.stringMatching(/exit code 78[\s\S]*no master key/),
    });
  });

  test('says what a service answered that never gets ready, and ends it', async () => {
    const script = SERVER.replace(
      "response.end(process.pid + '')",
      '(response.statusCode = 503, response.end())',
    );
    const port = (await findFreePort()) ?? 0;
    await expect(
      startService(options(script, { port, readyTimeoutMs: 1_500 })),
    ).rejects.toMatchObject({
      code: 'H_SERVICE_NOT_READY',
      message: expect.stringMatching(/within 1500 ms[\s\S]*status 503[\s\S]*listening/),
    });
    expect(await isPortFree(port)).toBe(true);
  });

  test('refuses a fixed port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await expect(startService(options(SERVER, { port }))).rejects.toMatchObject({
      code: 'H_SERVICE_PORT_IN_USE',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    taken.close();
  });

  test('says so when the command does not exist', async () => {
    const missing = { ...options(''), command: ['no-such-command'] as const };
    await expect(startService(missing)).rejects.toMatchObject({ code: 'H_SERVICE_EXITED' });
  });

  test('ends the service when the process that started it is killed', async () => {
    const parent = `
      const { startService } = await import('#harness/service/start-service.ts');
      const service = await startService(${JSON.stringify(options(SERVER)).replace(
        '"name"',
        '"environment":(port)=>({PORT:String(port)}),"name"',
      )});
      console.log(service.url);
      setInterval(() => {}, 1000);
    `;
    const outer = spawn(process.execPath, ['--input-type=module', '-e', parent]);
    const [line] = await once(createInterface({ input: outer.stdout }), 'line');
    const url = String(line);
    expect(Number(await pidBehind(url))).toBeGreaterThan(0);
    outer.kill('SIGKILL');
    await expect.poll(() => isPortFree(Number(new URL(url).port))).toBe(true);
  });
});
