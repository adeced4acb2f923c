-- The database as migration 0001 left it, with one user and one credential from then. Restated
-- here, not imported: a migration that is edited after its release must not go unseen.
create table users (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  api_key_hash bytea not null unique,
  created_at timestamptz not null default now()
);
create table credentials (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id),
  provider text not null,
  key_version text not null,
  nonce bytea not null,
  ciphertext bytea not null,
  created_at timestamptz not null default now(),
  unique (user_id, provider)
);
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
);
create index usage_events_user on usage_events (user_id, created_at);

create table kysely_migration (
  name varchar(255) primary key,
  timestamp varchar(255) not null
);
create table kysely_migration_lock (
  id varchar(255) primary key,
  is_locked integer not null default 0
);
insert into kysely_migration values
  ('0001-create-users-credentials-usage', '2026-11-01T00:00:00.000Z');
insert into kysely_migration_lock values ('migration_lock', 0);

insert into users (id, name, api_key_hash, created_at) values (
  '5e2f7a10-0d3c-4b61-9a53-0123456789ab', 'from before',
  sha256('sk-tally-0123456789-old-user'::bytea), '2026-11-01T00:00:00Z'
);
-- "sk-tally-0123456789-old-provider" under the key v1 of tally.config.ts.
insert into credentials (user_id, provider, key_version, nonce, ciphertext, created_at) values (
  '5e2f7a10-0d3c-4b61-9a53-0123456789ab', 'openai', 'v1',
  '\x000102030405060708090a0b',
  '\x269e295696e0b27146860d57313a4d556c2515e6750c96e21698c20af5b7295f10a00236d7d22ef3f322b859fc0970cf',
  '2026-11-01T00:00:00Z'
);
insert into usage_events (
  inference_id, user_id, endpoint, provider, model, model_requested, model_served, credential,
  outcome, is_stream, provider_status, input_tokens, cached_input_tokens, cache_write_tokens,
  output_tokens, reasoning_tokens, source, cost_pico_usd, is_priced, duration_seconds
) values (
  gen_random_uuid(), '5e2f7a10-0d3c-4b61-9a53-0123456789ab', 'chat/completions', 'openai',
  'gpt-4o-mini', 'gpt-4o-mini', 'gpt-4o-mini', 'user', 'success', false, 200,
  9, 0, 0, 7, 0, 'provider', 5550000, true, 0.5
);
