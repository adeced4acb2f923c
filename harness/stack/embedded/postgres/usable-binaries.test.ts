import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, describe, expect } from 'vitest';
import { usableBinaries } from './usable-binaries.ts';

const NOBODY = { uid: 65_534, gid: 65_534 };

interface Fixtures {
  directory: string;
  copies: string;
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants the first argument destructured.
  directory: async ({}, use) => {
    const parent = await mkdtemp(join(tmpdir(), 'binaries-'));
    await chmod(parent, 0o755);
    const directory = join(parent, 'native');
    await mkdir(join(directory, 'lib'), { recursive: true });
    await writeFile(join(directory, 'lib', 'libx.so.1.2'), 'library');
    await writeFile(
      join(directory, 'pg-symlinks.json'),
      JSON.stringify([{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }]),
    );
    await use(directory);
    await rm(parent, { recursive: true, force: true });
  },
  copies: async ({ directory }, use) => await use(join(directory, '..', 'copies')),
});

describe('binaries of Postgres', () => {
  test('are used where they are, with the links that npm cannot pack', async ({ directory }) => {
    for (const _start of ['first', 'second']) {
      const used = await usableBinaries({
        binaries: { version: '1', directory },
        user: NOBODY,
        createCopyDirectory: async () => expect.fail('no copy is needed'),
      });
      expect(used).toBe(directory);
      expect(await readFile(join(used, 'lib', 'libx.so.1'), 'utf8')).toBe('library');
    }
  });

  test('are copied when the user of Postgres cannot reach them', async ({ directory, copies }) => {
    await chmod(join(directory, '..'), 0o700);
    const used = await usableBinaries({
      binaries: { version: '1', directory },
      user: NOBODY,
      createCopyDirectory: async () => copies,
    });
    expect(used).toBe(join(copies, 'programs'));
    expect(await readFile(join(used, 'lib', 'libx.so.1'), 'utf8')).toBe('library');
  });

  test('are used where they are by the user they belong to', async ({ directory }) => {
    await chmod(join(directory, '..'), 0o700);
    const used = await usableBinaries({
      binaries: { version: '1', directory },
      user: undefined,
      createCopyDirectory: async () => expect.fail('no copy is needed'),
    });
    expect(used).toBe(directory);
  });
});
