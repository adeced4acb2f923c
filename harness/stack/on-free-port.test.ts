import { describe, expect, test } from 'vitest';
import { LaunchError } from './launch-server.ts';
import { onFreePort } from './on-free-port.ts';

const PORT_TAKEN = 'could not bind IPv4 address "127.0.0.1": Address already in use';

describe('a server on a free port', () => {
  test('is started again on another port when its own was taken meanwhile', async () => {
    const ports: number[] = [];
    const started = await onFreePort('Postgres', async (port) => {
      ports.push(port);
      if (ports.length < 3) throw new LaunchError('It ended', { logTail: PORT_TAKEN });
      return 'started';
    });
    expect(started).toBe('started');
    expect(new Set(ports).size).toBe(3);
  });

  test('is given up after five taken ports', async () => {
    const start = async (): Promise<never> => {
      throw new LaunchError('It ended', { logTail: PORT_TAKEN });
    };
    await expect(onFreePort('Postgres', start)).rejects.toMatchObject({
      code: 'H_STACK_NO_FREE_PORT',
    });
  });

  test('is not started again when it failed for another reason', async () => {
    let starts = 0;
    const start = async (): Promise<never> => {
      starts += 1;
      throw new LaunchError('It ended', { logTail: 'out of memory' });
    };
    await expect(onFreePort('Postgres', start)).rejects.toThrow('out of memory');
    expect(starts).toBe(1);
  });
});
