import { createHash } from 'node:crypto';
import { chown, mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { type ProgramResult, runProgram } from '#harness/processes/run-program.ts';
import { CLUSTER_OPTIONS, POSTGRES_USER } from '#harness/stack/postgres/settings.ts';
import { explainWriteFailure } from '../cache-failure.ts';
import { type WorkPlace, withWorkDirectory } from '../stack-directories.ts';
import type { SystemUser } from '../unprivileged-user.ts';

const PROGRAM_TIMEOUT_MS = 60_000;
const INITDB_OPTIONS = [
  `--username=${POSTGRES_USER}`,
  '--auth=trust', // Replaced by the stack's own pg_hba.conf.
  ...CLUSTER_OPTIONS,
];

export interface CreateClusterOptions extends WorkPlace {
  /** Folder with the programs, runnable by `user`. */
  binaries: string;
  version: string;
  user: SystemUser | undefined;
  /** A folder on the stack's disk that belongs to `user`. */
  directory: string;
  env: Readonly<Record<string, string | undefined>>;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Makes a database cluster in `directory`/data and returns its path: unpacked from the cache, or
 * initialised once (0.5 s) and then kept there as one tar file, which is renamed into place whole.
 */
export async function createCluster(options: CreateClusterOptions): Promise<string> {
  const data = join(options.directory, 'data');
  await mkdir(data, { mode: 0o700 });
  if (options.user !== undefined) await chown(data, options.user.uid, options.user.gid);
  const archive = join(options.cacheDir, 'postgres', `cluster-${cacheKey(options)}.tar`);
  if (await unpack(archive, data, options)) return data;
  options.progress('Postgres: initialising a database cluster (once)');
  await initialise(data, options);
  await keep(data, archive, options);
  return data;
}

function cacheKey({ version }: CreateClusterOptions): string {
  const made = [version, process.platform, process.arch, ...INITDB_OPTIONS].join('\n');
  return `${version}-${createHash('sha256').update(made).digest('hex').slice(0, 8)}`;
}

/** False when there is no such archive. */
async function unpack(
  archive: string,
  data: string,
  options: CreateClusterOptions,
): Promise<boolean> {
  // Opened here and handed over open: Postgres' user may not be allowed into the cache.
  const file = await open(archive, 'r').catch(() => undefined);
  if (file === undefined) return false;
  try {
    const result = await run('tar', ['-xf', '-', '-C', data], options, [file.fd, 'pipe', 'pipe']);
    if (result.succeeded) return true;
    throw failure(`tar could not unpack the cached cluster ${archive}`, result, data);
  } finally {
    await file.close();
  }
}

async function initialise(data: string, options: CreateClusterOptions): Promise<void> {
  const initdb = join(options.binaries, 'bin', 'initdb');
  const result = await run(initdb, [...INITDB_OPTIONS, '-D', data], options);
  if (!result.succeeded) throw failure('initdb could not make a cluster', result, data);
}

async function keep(data: string, archive: string, options: CreateClusterOptions): Promise<void> {
  await withWorkDirectory(options, 'postgres', async (work) => {
    const made = join(work, 'cluster.tar');
    const file = await open(made, 'w');
    try {
      const result = await run('tar', ['-cf', '-', '-C', data, '.'], options, [
        'ignore',
        file.fd,
        'pipe',
      ]);
      if (!result.succeeded)
        throw failure('tar could not keep the cluster in the cache', result, options.cacheDir);
    } finally {
      await file.close();
    }
    await mkdir(dirname(archive), { recursive: true });
    await rename(made, archive);
  });
}

async function run(
  file: string,
  args: readonly string[],
  { user, env, directory, signal }: CreateClusterOptions,
  stdio: ('ignore' | 'pipe' | number)[] = ['ignore', 'pipe', 'pipe'],
): Promise<ProgramResult> {
  return await runProgram(file, args, {
    cwd: directory,
    env: { PATH: env['PATH'], LC_ALL: 'C' },
    stdio,
    timeoutMs: PROGRAM_TIMEOUT_MS,
    signal,
    ...user,
  });
}

function failure(what: string, result: ProgramResult, directory: string): HarnessError {
  const output = `${result.stderr}\n${result.stdout}`.trim();
  return (
    explainWriteFailure(output, directory) ??
    new HarnessError(`${what} (it ${result.problem}).\n${output}`, {
      code: 'H_STACK_POSTGRES_START',
      fix: 'Correct what the output says; delete that file of the cache if it is damaged.',
    })
  );
}
