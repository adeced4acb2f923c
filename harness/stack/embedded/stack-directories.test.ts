import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, describe, expect } from 'vitest';
import { createRunDirectory, withWorkDirectory } from './stack-directories.ts';

const test = base.extend<{ root: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants the first argument destructured.
  root: async ({}, use) => {
    const root = await mkdtemp(join(tmpdir(), 'directories-'));
    await chmod(root, 0o755);
    await use(root);
    await rm(root, { recursive: true, force: true });
  },
});

const TOO_LONG = `/tmp/${'x'.repeat(80)}`;

describe('run directory', () => {
  test('lies in the first root that can take it', async ({ root }) => {
    const directory = await createRunDirectory('tally-test', ['/nonexistent', TOO_LONG, root]);
    expect(directory).toBe(join(root, 'tally-test'));
    expect(await readdir(root)).toEqual(['tally-test']);
  });

  test('is refused with what is wrong with each root', async () => {
    const creating = createRunDirectory('tally-test', ['/nonexistent', TOO_LONG]);
    await expect(creating).rejects.toMatchObject({ code: 'H_STACK_DISK_FULL' });
    await expect(creating).rejects.toThrow(
      `/nonexistent: ENOENT: no such file or directory, access '/nonexistent'; ${TOO_LONG}: the path is too long for a socket`,
    );
  });
});

describe('work directory', () => {
  test('is gone after its use, also when that failed', async ({ root }) => {
    const place = { cacheDir: root, stackName: 'tally-test' };
    expect(await withWorkDirectory(place, 'one', async (work) => await readdir(work))).toEqual([]);
    const failing = withWorkDirectory(place, 'two', async () => {
      throw new Error('no network');
    });
    await expect(failing).rejects.toThrow('no network');
    expect(await readdir(join(root, 'work'))).toEqual([]);
  });

  test('of one purpose stays while that of another goes', async ({ root }) => {
    const place = { cacheDir: root, stackName: 'tally-test' };
    await withWorkDirectory(place, 'one', async (work) => {
      await withWorkDirectory(place, 'two', async () => undefined);
      expect(await readdir(work)).toEqual([]);
    });
  });
});
