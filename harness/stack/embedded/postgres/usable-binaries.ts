import { cp, readFile, stat, symlink } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { canOthersReach } from '../stack-directories.ts';
import type { SystemUser } from '../unprivileged-user.ts';
import type { PostgresBinaries } from './find-postgres.ts';

export interface UsableBinariesOptions {
  binaries: PostgresBinaries;
  /** Who will run them, when not the harness's own user. */
  user: SystemUser | undefined;
  /** Makes a folder that programs can be run from, for a copy. */
  createCopyDirectory: () => Promise<string>;
}

/**
 * The folder to run Postgres from: the package's own; or a copy, when Postgres' user cannot reach
 * it (below /root) or its library links are missing and cannot be made (read-only node_modules).
 */
export async function usableBinaries(options: UsableBinariesOptions): Promise<string> {
  const { directory } = options.binaries;
  const isReachable = options.user === undefined || (await canOthersReach(directory));
  if (isReachable && (await hydrateLinks(directory))) return directory;
  const copy = join(await options.createCopyDirectory(), 'programs');
  await cp(directory, copy, { recursive: true, verbatimSymlinks: true });
  await hydrateLinks(copy);
  return copy;
}

interface LibraryLink {
  source: string;
  target: string;
}

/**
 * Makes the links between shared libraries that npm cannot pack. The package does so after its
 * installation, unless install scripts are off. False when a link is missing and stays so.
 */
async function hydrateLinks(directory: string): Promise<boolean> {
  const list = await readFile(join(directory, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  // The list is a file of the pinned package; its paths begin with "native/".
  const links: LibraryLink[] = JSON.parse(list);
  for (const { source, target } of links) {
    const path = join(directory, relative('native', target));
    const failure = await symlink(basename(source), path).catch((error: unknown) => error);
    if (failure !== undefined && !(await exists(path))) return false;
  }
  return true;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
