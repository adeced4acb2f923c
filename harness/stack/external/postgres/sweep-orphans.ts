import type { Pool } from 'pg';

/** What the name of everything begins with that a stack makes on somebody's server. */
const OWNER = '^(tally_[0-9a-f]{6}_[0-9]+_[0-9]+_[0-9a-f]{6})_';

/** The databases of stacks that have no session any more, and of the one that ends now. */
const ORPHANS = `
  select made.datname as name from pg_database as made
  where made.datname ~ $1 and pg_has_role(made.datdba, 'member')
    and (substring(made.datname from $1) = $2
         or not exists (select from pg_stat_activity
                        where application_name = substring(made.datname from $1)))`;

/**
 * Removes what stacks left on the server that ended without doing so. A stack lives as long as its
 * session that carries its name, so that this holds for stacks of other machines too; `ended` is
 * the name of one that ends now.
 */
export async function sweepOrphans(admin: Pool, ended = ''): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(ORPHANS, [OWNER, ended]);
  for (const { name } of rows) {
    // Another sweep may be faster.
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).catch(() => undefined);
  }
}
