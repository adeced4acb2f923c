import pg from 'pg';
import { HarnessError } from '#harness/errors/harness-error.ts';

/** One database row with every value as text, so that two modes can be compared literally. */
export type Row = Readonly<Record<string, string | null>>;

/** A connection for the harness's own questions to the service's database. */
export interface DatabaseReader extends AsyncDisposable {
  /** Throws H_SQL_FAILED with the query and the server's message. */
  query(sql: string): Promise<Row[]>;
}

const QUERY_TIMEOUT_MS = 10_000;

/** Connects to the service's database. Values come as text: no driver rounds a number on the way. */
export async function openDatabaseReader(databaseUrl: string): Promise<DatabaseReader> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    query_timeout: QUERY_TIMEOUT_MS,
    types: { getTypeParser: () => (text: unknown) => text },
  });
  client.on('error', () => undefined); // A server that stops meanwhile fails the next query.
  await client.connect();
  return {
    query: async (sql) => {
      try {
        const { rows } = await client.query<Row>(sql);
        return rows;
      } catch (cause) {
        const said = cause instanceof Error ? cause.message : String(cause);
        throw new HarnessError(
          `The database refused a query of the configuration: ${said}\n${sql}`,
          {
            code: 'H_SQL_FAILED',
            fix: 'Correct the SQL in tally.config.ts or in the fact; the schema is the one that the migrations made.',
            cause,
          },
        );
      }
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
