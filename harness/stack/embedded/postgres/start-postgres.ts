import { randomBytes } from 'node:crypto';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'pg';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { LaunchError, type LaunchedServer, launchServer } from '#harness/stack/launch-server.ts';
import { onFreePort } from '#harness/stack/on-free-port.ts';
import { createTemplate } from '#harness/stack/postgres/create-template.ts';
import {
  POSTGRES_SETTINGS,
  POSTGRES_USER,
  settingsArguments,
} from '#harness/stack/postgres/settings.ts';
import type { PostgresServer } from '#harness/stack/stack.ts';
import { explainWriteFailure } from '../cache-failure.ts';
import type { WorkPlace } from '../stack-directories.ts';
import { findUnprivilegedUser, type SystemUser } from '../unprivileged-user.ts';
import { createCluster } from './create-cluster.ts';
import { findPostgres } from './find-postgres.ts';
import { usableBinaries } from './usable-binaries.ts';

const READY_TIMEOUT_MS = 30_000;
const ADMIN_CONNECTIONS_MAX = 4;
const ADMIN_TIMEOUT_MS = 30_000;

export interface StartPostgresOptions extends WorkPlace {
  runDirectory: string;
  createCopyDirectory: () => Promise<string>;
  env: Readonly<Record<string, string | undefined>>;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** A Postgres whose data ends with the stack. */
export interface EmbeddedPostgres {
  readonly server: PostgresServer;
  stop(): Promise<void>;
}

/** Starts Postgres on a free port. Throws H_STACK_*; nothing runs then. */
export async function startPostgres(options: StartPostgresOptions): Promise<EmbeddedPostgres> {
  const user = await findUnprivilegedUser();
  const { version, directory: installed } = await findPostgres();
  const binaries = await usableBinaries({
    binaries: { version, directory: installed },
    user,
    createCopyDirectory: options.createCopyDirectory,
  });
  const directory = await createServerDirectory(options.runDirectory, user);
  const data = await createCluster({ ...options, binaries, version, user, directory });
  const files = { binaries, data, directory, user };
  const { launched, port } = await launch(files, options);
  const admin = new Pool({
    host: directory,
    port,
    user: POSTGRES_USER,
    database: 'postgres',
    max: ADMIN_CONNECTIONS_MAX,
    ssl: false,
    connectionTimeoutMillis: ADMIN_TIMEOUT_MS,
    query_timeout: ADMIN_TIMEOUT_MS,
  });
  admin.on('error', () => undefined); // An idle connection ends with the server.
  const stop = async (): Promise<void> => {
    // Without waiting for the connections: the server closes them.
    void admin.end().catch(() => undefined);
    await launched.stop();
  };
  try {
    return { server: await openServer({ admin, launched, port }), stop };
  } catch (error) {
    await stop();
    throw startError(error, data);
  }
}

async function createServerDirectory(
  runDirectory: string,
  user: SystemUser | undefined,
): Promise<string> {
  const directory = join(runDirectory, 'postgres');
  await mkdir(directory, { mode: 0o700 });
  // Our own connections use the socket in this closed folder; all others need the password.
  await writeFile(
    join(directory, 'pg_hba.conf'),
    'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
    { mode: 0o644 },
  );
  if (user !== undefined) await chown(directory, user.uid, user.gid);
  return directory;
}

interface ServerFiles {
  binaries: string;
  data: string;
  directory: string;
  user: SystemUser | undefined;
}

async function launch(
  { binaries, data, directory, user }: ServerFiles,
  { signal }: StartPostgresOptions,
): Promise<{ launched: LaunchedServer; port: number }> {
  const settings = {
    ...POSTGRES_SETTINGS,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: directory,
    unix_socket_permissions: '0700',
    hba_file: join(directory, 'pg_hba.conf'),
  };
  const start = async (port: number): Promise<{ launched: LaunchedServer; port: number }> => {
    const launched = await launchServer({
      file: join(binaries, 'bin', 'postgres'),
      args: [...['-D', data, '-p', String(port)], ...settingsArguments(settings)],
      cwd: directory,
      env: { LC_ALL: 'C' },
      user,
      readyText: 'database system is ready to accept connections',
      readyTimeoutMs: READY_TIMEOUT_MS,
      // Immediate shutdown. A Postgres that is killed leaves its segment of shared memory behind.
      stopSignal: 'SIGQUIT',
      signal,
    });
    return { launched, port };
  };
  try {
    return await onFreePort('Postgres', start);
  } catch (error) {
    if (error instanceof LaunchError) throw startError(error, data);
    throw error;
  }
}

function startError(cause: unknown, data: string): HarnessError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return (
    explainWriteFailure(reason, data) ??
    new HarnessError(`Postgres did not start. ${reason}`, {
      code: 'H_STACK_POSTGRES_START',
      fix: 'Correct what the log says, or give DATABASE_URL and PROMETHEUS_URL of running servers.',
      cause,
    })
  );
}

interface RunningPostgres {
  admin: Pool;
  launched: LaunchedServer;
  port: number;
}

async function openServer({ admin, launched, port }: RunningPostgres): Promise<PostgresServer> {
  const password = randomBytes(16).toString('hex');
  await admin.query(`ALTER ROLE ${POSTGRES_USER} PASSWORD '${password}'`);
  const { rows } = await admin.query<{ server_version: string }>('SHOW server_version');
  const adminUrl = `postgres://${POSTGRES_USER}:${password}@127.0.0.1:${port}/postgres`;
  const catalog = {
    admin,
    adminUrl,
    serverEnding: () => launched.ending,
    logTail: () => launched.logTail(),
  };
  return {
    version: rows[0]?.server_version ?? 'unknown',
    adminUrl,
    createTemplate: async (prepare) => await createTemplate(catalog, prepare),
  };
}
