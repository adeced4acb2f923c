import type { Pool } from 'pg';

/** What the name of everything begins with that a stack makes on somebody's server. */
export const OWNER = '^(tally_[0-9a-f]{6}_[0-9]+_[0-9]+_[0-9a-f]{6})_';

/** The databases and schemas of stacks, and those whose stack has no session any more. */
const ORPHANS = `
  select kind, name from (
    select 'database' as kind, datname as name, pg_get_userbyid(datdba) as owner from pg_database
    union all
    select 'schema', nspname, pg_get_userbyid(nspowner) from pg_namespace) as made
  where name ~ $1 and pg_has_role(owner, 'member')
    and (substring(made.name from $1) = $2
         or not exists (select from pg_stat_activity
                        where application_name = substring(made.name from $1)))`;

/**
 * Removes what stacks left on the server that ended without doing so. A stack lives as long as its
 * session that carries its name, so that this holds for stacks of other machines too; `ended` is
 * the name of one that ends now.
 */
export async function sweepOrphans(admin: Pool, ended = ''): Promise<void> {
  const { rows } = await admin.query<{ kind: string; name: string }>(ORPHANS, [OWNER, ended]);
  for (const { kind, name } of rows) {
    const how = kind === 'database' ? 'WITH (FORCE)' : 'CASCADE';
    // Another sweep may be faster.
    await admin.query(`DROP ${kind} IF EXISTS ${name} ${how}`).catch(() => undefined);
  }
}
