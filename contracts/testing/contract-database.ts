import { createHash, randomUUID } from 'node:crypto';
import { PROVIDERS } from '#harness/cassettes/provider.ts';
import type { TallyConfig, Wiring } from '#harness/config/tally-config.ts';
import { openDatabaseReader } from '#harness/database/database-reader.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { nowhere, providerWiring } from '#harness/modes/provider-wiring.ts';
import { runCommand } from '#harness/processes/run-command.ts';
import type { DatabaseTemplate, PostgresServer } from '#harness/stack/stack.ts';
import type { SeedUser } from '#harness/traffic/callers.ts';

/** The keys of scenarios and of the service itself are derived from it. */
export const SEED = 'contract';
const SEED_COMMAND = ['node', 'reference-app/src/seed.ts'] as const;
/**
 * As many as the files of one worker may ask for, by the provider whose key is stored for them; all
 * at once, since every run of the seed command takes a third of a second.
 */
const USERS = { none: 280, openai: 260, google: 220, anthropic: 90, azure: 90 } as const;

export interface ContractTemplateOptions {
  /** As in tally.config.ts: what the seed stores is old data for a service with other variables. */
  config: TallyConfig;
  root: string;
  baseEnv: Readonly<Record<string, string>>;
  users: readonly SeedUser[];
  /** SQL that makes the tables and rows of an earlier version, on which the migrations then run. */
  oldDatabase?: string;
}

/** Migrates a database and stores in it the users of scenarios and the given ones. */
export async function createContractTemplate(
  postgres: Pick<PostgresServer, 'createTemplate'>,
  options: ContractTemplateOptions,
): Promise<DatabaseTemplate> {
  return await postgres.createTemplate(async (databaseUrl) => {
    if (options.oldDatabase !== undefined) await fillDatabase(databaseUrl, options.oldDatabase);
    // Keys that are old or damaged are made by the tests of them.
    const { service } = options.config;
    const database = { ...service.database, seed: SEED_COMMAND };
    const config = { ...options.config, service: { ...service, database } };
    await prepareDatabase({ ...options, config, databaseUrl, seed: SEED });
    await storeUsers(databaseUrl, { ...options, config });
  });
}

/** Users without a provider key, and with one of each provider. */
export function createSeedUsers(): SeedUser[] {
  return [undefined, ...PROVIDERS].flatMap((provider) =>
    Array.from({ length: USERS[provider ?? 'none'] }, (_, index) => ({
      name: `user-${provider ?? 'without-key'}-${index}`,
      apiKey: createKey(),
      credentials: provider === undefined ? [] : [{ provider, apiKey: createKey() }],
    })),
  );
}

/** Says "tally" in clear, so that nobody mistakes it for a real key. */
export function createKey(): string {
  return `sk-tally-${createHash('sha256').update(randomUUID()).digest('hex').slice(0, 32)}`;
}

async function fillDatabase(databaseUrl: string, sql: string): Promise<void> {
  await using database = await openDatabaseReader(databaseUrl);
  await database.query(sql);
}

async function storeUsers(
  databaseUrl: string,
  { config: { service }, root, baseEnv, users }: ContractTemplateOptions,
): Promise<void> {
  const providers = providerWiring(nowhere, SEED);
  const wiring: Wiring = { mode: 'production', host: '127.0.0.1', port: 0, databaseUrl, providers };
  await runCommand({
    command: service.database.seed,
    cwd: service.cwd ?? root,
    env: { ...baseEnv, ...service.environment(wiring) },
    input: JSON.stringify({ users }),
  });
}
