import { type Kysely, sql } from 'kysely';

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table users (
      id uuid primary key default gen_random_uuid(),
      name text not null,
      api_key_hash bytea not null unique,
      created_at timestamptz not null default now()
    )`.execute(database);
  await sql`
    create table credentials (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null references users (id),
      provider text not null,
      key_version text not null,
      nonce bytea not null,
      ciphertext bytea not null,
      created_at timestamptz not null default now(),
      unique (user_id, provider)
    )`.execute(database);
  await sql`
    create table usage_events (
      id uuid primary key default gen_random_uuid(),
      inference_id uuid not null,
      user_id uuid not null references users (id),
      endpoint text not null,
      provider text not null,
      model text not null,
      model_requested text not null,
      model_served text,
      credential text not null check (credential in ('user', 'system')),
      outcome text not null check (outcome in ('success', 'error', 'cut', 'client_abort')),
      is_stream boolean not null,
      provider_status integer,
      input_tokens bigint not null check (input_tokens >= 0),
      cached_input_tokens bigint not null check (cached_input_tokens >= 0),
      cache_write_tokens bigint not null check (cache_write_tokens >= 0),
      output_tokens bigint not null check (output_tokens >= 0),
      reasoning_tokens bigint not null check (reasoning_tokens >= 0),
      source text not null check (source in ('provider', 'estimate', 'none')),
      cost_pico_usd bigint not null check (cost_pico_usd >= 0),
      is_priced boolean not null,
      duration_seconds double precision not null check (duration_seconds >= 0),
      created_at timestamptz not null default now()
    )`.execute(database);
  await sql`create index usage_events_user on usage_events (user_id, created_at)`.execute(database);
}
