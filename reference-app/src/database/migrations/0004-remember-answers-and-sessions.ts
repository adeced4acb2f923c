import { type Kysely, sql } from 'kysely';

/** Users may have answers remembered; agent sessions and their whole turns. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`alter table users add column cache_answers boolean not null default false`.execute(
    database,
  );
  await sql`
    create table agent_sessions (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null references users (id),
      credential_id uuid references credentials (id),
      model text,
      instructions text,
      -- While a turn is being answered; a process that died leaves it to run out.
      busy_until timestamptz,
      created_at timestamptz not null default now()
    )`.execute(database);
  await sql`create index agent_sessions_user on agent_sessions (user_id, created_at, id)`.execute(
    database,
  );
  await sql`
    create table agent_messages (
      session_id uuid not null references agent_sessions (id),
      position integer not null check (position > 0),
      role text not null check (role in ('user', 'assistant')),
      content text not null,
      created_at timestamptz not null default now(),
      primary key (session_id, position)
    )`.execute(database);
}
