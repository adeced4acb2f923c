import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { findProcessesUsing, parseProcStat, readStartTime } from './process-table.ts';

const AFTER_STATE = '1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 98765 0';

describe('process table', () => {
  test.for([
    ['4 (node) S', '98765'],
    ['4 (a b) c) R', '98765'],
    ['4 (node) Z', undefined],
  ] as const)('reads "%s" as started at %s', ([head, startTime]) => {
    expect(parseProcStat(`${head} ${AFTER_STATE}`)).toBe(startTime);
  });

  test('knows when a process started until it has ended', async () => {
    const child = spawn(
      process.execPath,
      ['-e', 'process.stdin.resume()', 'marker/of/this/test/'],
      {
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    );
    const pid = child.pid ?? -1;
    await expect.poll(async () => await findProcessesUsing('/of/this/test/')).toEqual([pid]);
    const startTime = await readStartTime(pid);
    expect(startTime).toMatch(/^\d+$/);
    expect(await readStartTime(pid)).toBe(startTime);
    child.stdin.end();
    await once(child, 'close');
    expect(await readStartTime(pid)).toBeUndefined();
    expect(await findProcessesUsing('/of/this/test/')).toEqual([]);
  });

  test('leaves out the process that asks', async () => {
    expect(await findProcessesUsing(process.execPath)).not.toContain(process.pid);
  });
});
