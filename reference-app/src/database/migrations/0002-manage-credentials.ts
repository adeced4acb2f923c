import { type Kysely, sql } from 'kysely';

/**
 * Several named credentials per user and provider, of which one is the default. What is stored
 * already was the only one of its provider, so it becomes that default.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`alter table users add column always_own_key boolean not null default false`.execute(
    database,
  );
  await sql`
    alter table credentials
      drop constraint credentials_user_id_provider_key,
      add column name text not null default 'default',
      add column is_default boolean not null default true,
      add column settings jsonb not null default '{}',
      add column updated_at timestamptz not null default now(),
      add column deleted_at timestamptz,
      add constraint credentials_default_is_live check (not (is_default and deleted_at is not null))`.execute(
    database,
  );
  // The defaults were for the rows of before; from now on every insert says what it means.
  await sql`
    alter table credentials alter column name drop default, alter column is_default drop default`.execute(
    database,
  );
  await sql`create unique index credentials_name on credentials (user_id, provider, name)
    where deleted_at is null`.execute(database);
  await sql`create unique index credentials_default on credentials (user_id, provider)
    where is_default`.execute(database);
  await sql`create index credentials_key_version on credentials (key_version, id)`.execute(
    database,
  );
  await sql`
    create table master_key_versions (
      version text primary key,
      first_used_at timestamptz not null default now()
    )`.execute(database);
  await sql`insert into master_key_versions
    select key_version, min(created_at) from credentials group by 1`.execute(database);
}
