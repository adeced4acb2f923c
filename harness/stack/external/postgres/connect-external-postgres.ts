import { Client, Pool } from 'pg';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { type Catalog, createTemplate } from '#harness/stack/postgres/create-template.ts';
import type { PostgresServer } from '#harness/stack/stack.ts';
import { looksLikeProduction } from './looks-like-production.ts';
import { sweepOrphans } from './sweep-orphans.ts';

const CONNECTIONS_MAX = 2;
const CONNECT_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = 60_000;

export interface ExternalPostgresOptions {
  databaseUrl: string;
  /** Begins every name that is made; the session that carries it says that its stack lives. */
  owner: string;
  /** Use a server that looks like production's too. */
  allowProduction: boolean;
}

export interface ExternalPostgres {
  readonly server: PostgresServer;
  stop(): Promise<void>;
}

/**
 * Uses somebody's Postgres: makes databases of its own. Nothing else is written or read, and
 * nothing of it stays. A schema would not do: what belongs to a whole database (its sessions,
 * advisory locks, a migrator's look at the tables) would be shared with others. Throws
 * H_STACK_EXTERNAL_DATABASE, H_STACK_PRODUCTION_DATABASE.
 */
export async function connectExternalPostgres(
  options: ExternalPostgresOptions,
): Promise<ExternalPostgres> {
  const { databaseUrl, owner } = options;
  const session = {
    connectionString: withApplicationName(databaseUrl, owner),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  };
  const lease = new Client(session);
  const admin = new Pool({ ...session, max: CONNECTIONS_MAX });
  lease.on('error', () => undefined); // The server's end shows in the next query.
  admin.on('error', () => undefined);
  const disconnect = async (): Promise<void> =>
    void (await Promise.all([lease.end(), admin.end()]));
  let stopped: Promise<void> | undefined;
  try {
    await lease.connect();
    const role = await judgeRole(lease, options);
    await sweepOrphans(admin);
    return {
      server: openServer(admin, { ...options, role }),
      stop: async () => {
        // What is left on a server that is away, the next run sweeps.
        stopped ??= sweepOrphans(admin, owner)
          .catch(() => undefined)
          .then(disconnect);
        await stopped;
      },
    };
  } catch (error) {
    await disconnect().catch(() => undefined);
    throw error instanceof HarnessError ? error : unusable(databaseUrl, error);
  }
}

interface Role {
  user: string;
  database: string;
  version: string;
  makes_databases: boolean;
  databases: string[];
}

const ROLE = `
  select current_user as user, current_database() as database,
    current_setting('server_version') as version,
    (select rolcreatedb or rolsuper from pg_roles where rolname = current_user) as makes_databases,
    array(select datname::text from pg_database where not datistemplate) as databases`;

/** What the role may do. Throws where it may do nothing, or should not. */
async function judgeRole(
  client: Client,
  { databaseUrl, allowProduction }: ExternalPostgresOptions,
): Promise<Role> {
  const { rows } = await client.query<Role>(ROLE);
  const [role] = rows;
  if (role === undefined) throw new Error('the server said nothing about the role');
  const { hostname } = new URL(databaseUrl);
  const why = looksLikeProduction({ ...role, host: hostname });
  if (why !== undefined && !allowProduction) throw production(databaseUrl, why);
  if (role.makes_databases) return role;
  throw unusable(databaseUrl, new Error(`the role "${role.user}" may make no databases`));
}

function openServer(
  admin: Pool,
  { databaseUrl, owner, role }: ExternalPostgresOptions & { role: Role },
): PostgresServer {
  const catalog: Catalog = {
    admin,
    prefix: `${owner}_`,
    adminUrl: databaseUrl,
    copyOptions: '', // As it suits the server, which may be older.
    serverEnding: () => undefined,
    logTail: () => '',
  };
  return {
    version: role.version,
    adminUrl: databaseUrl,
    createTemplate: async (prepare) => await createTemplate(catalog, prepare),
  };
}

function withApplicationName(databaseUrl: string, name: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('application_name', name);
  return url.href;
}

/** Without user and password. */
function showHost(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}

function production(databaseUrl: string, why: string): HarnessError {
  return new HarnessError(`Postgres at ${showHost(databaseUrl)} is not used: ${why}.`, {
    code: 'H_STACK_PRODUCTION_DATABASE',
    fix: 'Give the DATABASE_URL of a server for tests; if you are sure of this one, set TALLY_ALLOW_PRODUCTION=1.',
  });
}

function unusable(databaseUrl: string, cause: unknown): HarnessError {
  const why = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new HarnessError(`Postgres at ${showHost(databaseUrl)} cannot be used: ${why}.`, {
    code: 'H_STACK_EXTERNAL_DATABASE',
    fix: 'Give in DATABASE_URL a running server and a role that may make databases: ALTER ROLE … CREATEDB.',
    cause,
  });
}
