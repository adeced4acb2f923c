import type { TallyConfig } from '#harness/config/tally-config.ts';
import { runCommand } from '#harness/processes/run-command.ts';
import { callerOf, type SeedUser } from '#harness/traffic/callers.ts';
import { nowhere, providerWiring } from './provider-wiring.ts';

export interface PrepareDatabaseOptions {
  config: TallyConfig;
  root: string;
  databaseUrl: string;
  seed: string;
  baseEnv: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
}

/** Migrates an empty database and stores one user per scenario: the template of every clone. */
export async function prepareDatabase(options: PrepareDatabaseOptions): Promise<void> {
  const { config, root, databaseUrl, seed } = options;
  const { database, cwd = root, environment } = config.service;
  // No mode is named yet and nothing is called: the commands only need the database and the keys.
  const env = {
    ...options.baseEnv,
    ...environment({
      mode: 'production',
      host: '127.0.0.1',
      port: 0,
      databaseUrl,
      providers: providerWiring(nowhere, seed),
    }),
  };
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  for (const command of database.migrate) {
    await runCommand({ command, cwd, env, ...signal });
  }
  const users = config.scenarios.flatMap((scenario): SeedUser[] => {
    const user = callerOf(scenario, seed).seed;
    return user === undefined ? [] : [user];
  });
  await runCommand({
    command: database.seed,
    cwd,
    env,
    input: JSON.stringify({ users }),
    ...signal,
  });
}
