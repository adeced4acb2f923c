import { type Kysely, sql } from 'kysely';

/** Several attempts for one call, fallbacks and images. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    alter table usage_events
      add column attempt integer not null default 1 check (attempt > 0),
      add column fallback_reason text,
      add column images integer not null default 0 check (images >= 0)`.execute(database);
}
