import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Database, DatabaseTemplate } from '#harness/stack/stack.ts';
import { databaseUrl } from './database-url.ts';

const DISCONNECT_TIMEOUT_MS = 2_000;
const POLL_MS = 5;

/** The databases of one running server. */
export interface Catalog {
  admin: Pool;
  /** The same server, for everybody else; its other databases have other paths. */
  adminUrl: string;
  /** Begins the name of every database, where that tells whose it is. */
  prefix?: string;
  /** Ends every CREATE DATABASE; the fastest way of Postgres 15 and newer when left out. */
  copyOptions?: string;
  /** How the server ended; undefined while it runs. */
  serverEnding: () => string | undefined;
  logTail: () => string;
}

/** Makes a database, has it prepared, and freezes it as a template that can be cloned. */
export async function createTemplate(
  catalog: Catalog,
  prepare: (databaseUrl: string) => Promise<void>,
): Promise<DatabaseTemplate> {
  // template0 takes no connections, so that nothing can stand in the way of copying it.
  const name = await copyDatabase(catalog, 'template', 'template0');
  try {
    await prepare(databaseUrl(catalog.adminUrl, name));
    await execute(catalog, `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
    await waitUntilUnused(catalog, name);
  } catch (error) {
    await dropDatabase(catalog, name);
    throw error;
  }
  return openTemplate(catalog, name);
}

/** A template that this or another process has made. */
export function openTemplate(catalog: Catalog, name: string): DatabaseTemplate {
  return { name, clone: async () => await cloneDatabase(catalog, name) };
}

/** Makes a copy under a name of its own: several processes make databases on one server. */
async function copyDatabase(catalog: Catalog, kind: string, original: string): Promise<string> {
  const { prefix = '', copyOptions = 'STRATEGY FILE_COPY' } = catalog;
  const name = `${prefix}${kind}_${randomBytes(8).toString('hex')}`;
  await execute(catalog, `CREATE DATABASE ${name} TEMPLATE ${original} ${copyOptions}`);
  return name;
}

async function cloneDatabase(catalog: Catalog, template: string): Promise<Database> {
  const name = await copyDatabase(catalog, 'test', template);
  let dropped: Promise<void> | undefined;
  const drop = async (): Promise<void> => {
    dropped ??= dropDatabase(catalog, name);
    await dropped;
  };
  return {
    name,
    url: databaseUrl(catalog.adminUrl, name),
    drop,
    [Symbol.asyncDispose]: drop,
  };
}

async function dropDatabase(catalog: Catalog, name: string): Promise<void> {
  // With the server its databases are gone too.
  if (isGone(catalog)) return;
  await execute(catalog, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).catch((error) => {
    if (!isGone(catalog)) throw error;
  });
}

function isGone({ admin, serverEnding }: Catalog): boolean {
  return admin.ending || serverEnding() !== undefined;
}

/** A client's connection lives a moment longer than its `end()`: waits for the server's side. */
async function waitUntilUnused({ admin }: Catalog, name: string): Promise<void> {
  const deadlineMs = performance.now() + DISCONNECT_TIMEOUT_MS;
  for (;;) {
    const { rows } = await admin.query<{ application_name: string; state: string }>(
      'SELECT application_name, state FROM pg_stat_activity WHERE datname = $1',
      [name],
    );
    const [first] = rows;
    if (first === undefined) return;
    if (performance.now() > deadlineMs) {
      throw new HarnessError(
        `${rows.length} connections to the template database are still open after ` +
          `${DISCONNECT_TIMEOUT_MS} ms (one of application "${first.application_name}", ` +
          `${first.state}).`,
        {
          code: 'H_STACK_TEMPLATE_IN_USE',
          fix: 'Close every connection before the preparation (migrations, seed) ends.',
        },
      );
    }
    await pause(POLL_MS);
  }
}

async function execute(catalog: Catalog, sql: string): Promise<void> {
  try {
    await catalog.admin.query(sql);
  } catch (cause) {
    const ending = catalog.serverEnding();
    const reason = cause instanceof Error ? cause.message : String(cause);
    const state = catalog.admin.ending
      ? 'the stack was stopped'
      : (ending && `Postgres ${ending}. Its last log lines:\n${catalog.logTail()}`) || reason;
    throw new HarnessError(`"${sql}" failed: ${state}`, {
      code: 'H_STACK_DATABASE',
      fix: 'Correct what the message says: is the disk full, or was the server killed?',
      cause,
    });
  }
}
