import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { meterPool, type OnQuery } from './meter-pool.ts';
import type { Schema } from './schema.ts';

/** One pool, two ways in: `pool` for the few hot prepared statements, `kysely` for the rest. */
export interface Database {
  readonly pool: pg.Pool;
  readonly kysely: Kysely<Schema>;
  close(): Promise<void>;
}

interface DatabaseOptions {
  readonly onIdleError?: (error: Error) => void;
  readonly onQuery?: OnQuery;
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
}

const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 10_000;
const POOL_SIZE = 10;

/** Connects lazily: a database that is down shows at the first query, within CONNECT_TIMEOUT_MS. */
export function openDatabase(
  url: string,
  {
    onIdleError = () => undefined,
    onQuery = () => undefined,
    nowMs = () => performance.now(),
  }: DatabaseOptions = {},
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    // Never closed for being idle: the size of the pool changes with traffic, not with silence.
    idleTimeoutMillis: 0,
    application_name: 'byom-reference',
  });
  // An idle connection that breaks is emitted on the pool, and would end the process unheard.
  pool.on('error', onIdleError);
  meterPool(pool, { onQuery, nowMs });
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  // kysely.destroy() would leave the pool open if no query ever went through kysely.
  return { pool, kysely, close: () => pool.end() };
}
