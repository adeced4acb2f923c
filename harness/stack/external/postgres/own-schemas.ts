import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Database, DatabaseTemplate } from '#harness/stack/stack.ts';

export interface OwnSchemas {
  admin: Pool;
  databaseUrl: string;
  prefix: string;
}

/**
 * A template for a role that may make schemas, but no databases: nothing can be copied, so every
 * clone is a new schema that is prepared again. Its URL makes the schema the whole search path.
 */
export function schemaTemplate(
  { admin, databaseUrl, prefix }: OwnSchemas,
  prepare: (databaseUrl: string) => Promise<void>,
): DatabaseTemplate {
  const clone = async (): Promise<Database> => {
    const name = `${prefix}test_${randomBytes(8).toString('hex')}`;
    await admin.query(`CREATE SCHEMA ${name}`);
    let dropped: Promise<void> | undefined;
    const drop = async (): Promise<void> => {
      dropped ??= admin.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`).then(() => undefined);
      await dropped;
    };
    const url = withSearchPath(databaseUrl, name);
    try {
      await prepare(url);
    } catch (error) {
      await drop();
      throw error;
    }
    return { name, url, drop, [Symbol.asyncDispose]: drop };
  };
  return { name: `${prefix}template`, clone };
}

function withSearchPath(databaseUrl: string, schema: string): string {
  const url = new URL(databaseUrl);
  const options = [url.searchParams.get('options'), `-c search_path=${schema}`];
  url.searchParams.set('options', options.filter((option) => option !== null).join(' '));
  // Drivers read "+" as itself.
  return url.href.replaceAll('+', '%20');
}
