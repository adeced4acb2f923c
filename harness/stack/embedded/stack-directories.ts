import { access, constants, mkdir, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { explainWriteFailure } from './cache-failure.ts';

const FREE_BYTES_MIN = 400 * 2 ** 20;
// A socket's path is limited to 103 characters on macOS, 107 on Linux.
const SOCKET_PATH_MAX = 103;
const SOCKET_SUFFIX = '/postgres/.s.PGSQL.65535';

const MEMORY_ROOT = '/dev/shm';

/** Where stacks keep their data, best first: memory where there is some, else disk. */
export const RUN_ROOTS: readonly string[] = [...new Set([MEMORY_ROOT, tmpdir(), '/tmp'])];

/** Folder of the cache in which files are made before they are renamed into place. */
export function workRoot(cacheDir: string): string {
  return join(cacheDir, 'work');
}

/** Whether every folder on the way to `path` lets all users pass. */
export async function canOthersReach(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Makes the stack's run directory in the first root that is writable and has room. */
export async function createRunDirectory(
  name: string,
  roots: readonly string[] = RUN_ROOTS,
): Promise<string> {
  const problems: string[] = [];
  for (const root of roots) {
    const problem = await findProblem(root, name);
    if (problem === undefined) {
      const directory = join(root, name);
      // Others may pass through (Postgres may run as another user), but not list.
      await mkdir(directory, { mode: 0o711, recursive: true });
      return directory;
    }
    problems.push(`${root}: ${problem}`);
  }
  throw new HarnessError(`There is no place for the stack's data (${problems.join('; ')}).`, {
    code: 'H_STACK_DISK_FULL',
    fix: `Free ${FREE_BYTES_MIN / 2 ** 20} MB in one of these folders, or set TMPDIR to another.`,
  });
}

/** Makes a folder, beside the run directory, that programs can be run from. */
export async function createProgramDirectory(name: string): Promise<string> {
  // Memory is often mounted so that nothing can be run from it.
  const onDisk = RUN_ROOTS.filter((root) => root !== MEMORY_ROOT);
  return await createRunDirectory(name, onDisk);
}

async function findProblem(root: string, name: string): Promise<string | undefined> {
  if (root.length + 1 + name.length + SOCKET_SUFFIX.length > SOCKET_PATH_MAX) {
    return 'the path is too long for a socket';
  }
  try {
    await access(root, constants.W_OK | constants.X_OK);
    // As root, Postgres runs as a user with fewer rights.
    if (process.getuid?.() === 0 && !(await canOthersReach(root))) {
      return 'other users cannot reach it';
    }
    const { bavail, bsize } = await statfs(root);
    if (bavail * bsize >= FREE_BYTES_MIN) return undefined;
    return `${Math.floor((bavail * bsize) / 2 ** 20)} MB free`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export interface WorkPlace {
  cacheDir: string;
  /** The stack's name, so that a sweep knows whose the directory is. */
  stackName: string;
}

/**
 * Runs `use` with an empty directory on the cache's disk, and removes what is left in it after.
 * Failures to write become H_STACK_DISK_FULL or H_STACK_CACHE_UNWRITABLE.
 */
export async function withWorkDirectory<Result>(
  { cacheDir, stackName }: WorkPlace,
  purpose: string,
  use: (directory: string) => Promise<Result>,
): Promise<Result> {
  const parent = join(workRoot(cacheDir), stackName);
  const directory = join(parent, purpose);
  try {
    await mkdir(directory, { recursive: true });
    return await use(directory);
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    throw explainWriteFailure(error, cacheDir) ?? error;
  } finally {
    // What stays for whatever reason is swept by the next start.
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
    await rmdir(parent).catch(() => undefined); // Another purpose may still be at work in it.
  }
}
