import pg from 'pg';
import { HarnessError } from '#harness/errors/harness-error.ts';

/** One database row with every value as text, so that two modes can be compared literally. */
export type Row = Readonly<Record<string, string | null>>;

/** A connection for the harness's own questions to the service's database. */
export interface DatabaseReader extends AsyncDisposable {
  /** Throws H_SQL_FAILED with the query and the server's message. */
  query(sql: string): Promise<Row[]>;
  /**
   * From now on the reader sees only the rows of these tables that are added later; the value is
   * the column that tells a table's rows apart. `public.<table>` still shows all.
   */
  hideRows(tables: Readonly<Record<string, string>>): Promise<void>;
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
  const query = async (sql: string): Promise<Row[]> => {
    try {
      const { rows } = await client.query<Row>(sql);
      return rows;
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new HarnessError(`The database refused a query of the configuration: ${said}\n${sql}`, {
        code: 'H_SQL_FAILED',
        fix: 'Correct the SQL in tally.config.ts or in the fact; the schema is the one that the migrations made.',
        cause,
      });
    }
  };
  return {
    query,
    hideRows: async (tables) => {
      for (const [table, key] of Object.entries(tables)) await query(hideEarlier(table, key));
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** A view of this connection's own takes the table's name, since temporary ones are found first. */
function hideEarlier(table: string, key: string): string {
  return `drop view if exists pg_temp.${table};
    drop table if exists pg_temp.${table}_earlier;
    create temp table ${table}_earlier as select ${key} from public.${table};
    create temp view ${table} as select * from public.${table}
      where ${key} not in (select ${key} from pg_temp.${table}_earlier)`;
}
