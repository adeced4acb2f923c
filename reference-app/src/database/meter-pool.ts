import type pg from 'pg';

export const QUERY_OUTCOMES = ['success', 'error'] as const;
export type QueryOutcome = (typeof QUERY_OUTCOMES)[number];

/** Told of each query that ended, and of each connection that could not be had: an error too. */
export type OnQuery = (outcome: QueryOutcome, seconds: number) => void;

/** What a query may say beside its text; node-postgres passes the object on as it is. */
export interface Query extends pg.QueryConfig {
  /** false: asked on behalf of who watches the service, so that watching moves nothing. */
  readonly isMetered?: false;
  /** Milliseconds, when shorter than the pool's limit. */
  readonly query_timeout?: number;
}

type Call = (...args: unknown[]) => unknown;

interface MeterOptions {
  readonly onQuery: OnQuery;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/**
 * Meters every query of a pool, whoever asks it: pool.query(), a client that was checked out, and
 * kysely with its transactions all end in the query() of a client.
 */
export function meterPool(pool: pg.Pool, { onQuery, nowMs }: MeterOptions): void {
  const timed = (call: Call, onEnd: (outcome: QueryOutcome, seconds: number) => void): Call => {
    return (...args) => {
      const startedAtMs = nowMs();
      return watchEnd(call, args, (error) => {
        onEnd(error ? 'error' : 'success', (nowMs() - startedAtMs) / 1_000);
      });
    };
  };
  const connect = pool.connect.bind(pool) as Call;
  // A connection that was had is no query; one that was not is a query that could not be asked.
  Object.assign(pool, {
    connect: timed(connect, (outcome, seconds) => {
      if (outcome === 'error') onQuery(outcome, seconds);
    }),
  });
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Call;
    const metered = timed(query, onQuery);
    Object.assign(client, {
      query: (...args: unknown[]) => (isMetered(args[0]) ? metered : query)(...args),
    });
  });
}

function isMetered(query: unknown): boolean {
  return (query as Query).isMetered !== false;
}

/** node-postgres tells the end to a callback, the last argument, or else by a promise. */
function watchEnd(call: Call, args: unknown[], onEnd: (error?: unknown) => void): unknown {
  const callback = args.at(-1);
  if (typeof callback === 'function') {
    return call(...args.slice(0, -1), (error: unknown, ...rest: unknown[]) => {
      onEnd(error);
      callback(error, ...rest);
    });
  }
  const result = call(...args) as Promise<unknown>;
  result.then(() => onEnd(), onEnd);
  return result;
}
