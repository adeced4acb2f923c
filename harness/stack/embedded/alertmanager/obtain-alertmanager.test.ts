import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, describe, expect } from 'vitest';
import { obtainAlertmanager } from './obtain-alertmanager.ts';

const test = base.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants the first argument destructured.
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'alertmanager-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

async function writeProgram(path: string): Promise<void> {
  await writeFile(path, '#!/bin/sh\n');
  await chmod(path, 0o755);
}

function obtain(folder: string) {
  const work = { cacheDir: join(folder, 'cache'), stackName: 'tally-test' };
  return obtainAlertmanager({ ...work, env: { PATH: folder }, progress: () => undefined });
}

describe('obtainAlertmanager', () => {
  test('takes the one on PATH, also under the name that Debian gives it', async ({ folder }) => {
    await writeProgram(join(folder, 'prometheus-alertmanager'));
    expect(await obtain(folder)).toEqual([join(folder, 'prometheus-alertmanager')]);
    await writeProgram(join(folder, 'alertmanager'));
    expect(await obtain(folder)).toEqual([join(folder, 'alertmanager')]);
  });

  test('shows its templates to the one in the cache', async ({ folder }) => {
    const programs = join(folder, 'cache', 'alertmanager', 'bin');
    await mkdir(programs, { recursive: true });
    await writeProgram(join(programs, 'prometheus-alertmanager'));
    const command = await obtain(folder);
    expect(command[0]).toBe('unshare');
    expect(command.slice(-2)).toEqual([
      join(folder, 'cache', 'alertmanager', 'share', 'prometheus', 'alertmanager'),
      join(programs, 'prometheus-alertmanager'),
    ]);
  });

  test('says what to do when there is none', async ({ folder }) => {
    await expect(obtain(folder)).rejects.toMatchObject({
      code: 'H_STACK_ALERTMANAGER_MISSING',
      message: expect.stringContaining('Alertmanager is not on PATH, and not to be had'),
    });
  });
});
