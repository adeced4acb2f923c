import { describe, expect, test } from 'vitest';
import { LaunchError, launchServer } from './launch-server.ts';

const serve = (script: string, extra: { signal?: AbortSignal } = {}) =>
  launchServer({
    file: process.execPath,
    args: ['-e', script],
    cwd: '/',
    env: {},
    readyText: 'I am ready',
    readyTimeoutMs: 10_000,
    stopSignal: 'SIGTERM',
    ...extra,
  });

const FOREVER = 'setInterval(() => {}, 1000);';

describe('launched server', () => {
  test('is there from its ready line on, until it is stopped', async () => {
    const server = await serve(`${FOREVER} console.error('log: I am ready now')`);
    expect(server.ending).toBeUndefined();
    expect(server.logTail()).toContain('I am ready now');
    await server.stop();
    expect(server.ending).toBe('ended with SIGTERM');
    await server.stop();
  });

  test('that ends early is reported with its log', async () => {
    const starting = serve(`console.error('no such database'); process.exit(3)`);
    await expect(starting).rejects.toThrow(/ended with exit code 3[\s\S]*no such database/);
  });

  test('that cannot be started at all is reported', async () => {
    const starting = launchServer({
      file: '/nonexistent/server',
      args: [],
      cwd: '/',
      env: {},
      readyText: 'ready',
      readyTimeoutMs: 10_000,
      stopSignal: 'SIGTERM',
    });
    await expect(starting).rejects.toThrow(/could not be started.*ENOENT/);
  });

  test('that never gets ready is killed', async () => {
    const starting = launchServer({
      file: '/bin/sh',
      args: ['-c', 'echo "pid $$"; exec sleep 100'],
      cwd: '/',
      env: {},
      readyText: 'ready',
      readyTimeoutMs: 500,
      stopSignal: 'SIGTERM',
    });
    const error = await starting.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LaunchError);
    const { message } = error as LaunchError;
    expect(message).toContain('was not ready within 500 ms');
    const pid = Number(/pid (\d+)/.exec(message)?.[1]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('is killed when the start is aborted', async () => {
    const controller = new AbortController();
    const starting = serve(FOREVER, { signal: controller.signal });
    controller.abort(new Error('Ctrl-C'));
    await expect(starting).rejects.toThrow('Ctrl-C');
  });
});
