import { createHash, randomUUID } from 'node:crypto';
import { PROVIDERS, type Provider } from '#harness/cassettes/provider.ts';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import type { TallyConfig, Wiring } from '#harness/config/tally-config.ts';
import { openDatabaseReader } from '#harness/database/database-reader.ts';
import type { MetricsReader } from '#harness/metrics/metrics-reader.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { nowhere, providerWiring } from '#harness/modes/provider-wiring.ts';
import { wiredMetricsReader } from '#harness/modes/wired-metrics-reader.ts';
import { type WiredService, wireService } from '#harness/modes/wired-service.ts';
import { runCommand } from '#harness/processes/run-command.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { type SeedUser, systemProviderKey } from '#harness/traffic/callers.ts';
import type { Mode } from '#harness/traffic/scenario.ts';
import { createServiceUser, type ServiceUser } from './service-user.ts';

export interface RunningServiceOptions {
  /** testing when left out: each request then asks the database for its user, which is exact. */
  mode?: Mode;
  /** Variables on top of those of tally.config.ts. */
  environment?: (wiring: Wiring) => Record<string, string>;
  /** SQL that makes the tables and rows of an earlier version, on which the migrations then run. */
  oldDatabase?: string;
}

/** One service process on a database of its own, and users whom nobody else has. */
export interface RunningService extends AsyncDisposable, Omit<WiredService, 'calls' | 'slot'> {
  readonly metrics: MetricsReader;
  /** The checked configuration, the given environment included. */
  readonly config: TallyConfig;
  readonly root: string;
  /** The service's own key at openai. */
  readonly systemKey: string;
  /** The service's own key at any provider. */
  systemKeyAt(provider: Provider): string;
  /** A user whom no test has had; with `ownKey`, one for whom the seed stored a key of it. */
  newUser(options?: { ownKey?: Provider }): ServiceUser;
  /**
   * A provider key that no test has had, of openai when left out; the simulated provider knows it
   * unless told otherwise.
   */
  newProviderKey(options?: { provider?: Provider; known?: boolean }): string;
  /** The environment of the service for another process beside it, with changes. */
  environment(port: number, changes?: Record<string, string>): Record<string, string>;
}

const SEED = 'contract';
/** Of each kind; stored at once, since every run of the seed command takes a third of a second. */
const USERS = 80;

/** Starts stack, simulator and service. On failure nothing is left running. */
export async function startRunningService(
  options: RunningServiceOptions = {},
): Promise<RunningService> {
  const loaded = await loadConfig();
  const { root } = loaded;
  const config = withEnvironment(loaded.config, options.environment);
  const baseEnv = childEnvironment();
  await using started = new AsyncDisposableStack();
  const stack = started.use(await startEmbeddedStack(loadHarnessEnvironment()));
  const seedUsers = createSeedUsers();
  const template = await stack.postgres.createTemplate(async (databaseUrl) => {
    if (options.oldDatabase !== undefined) await fillDatabase(databaseUrl, options.oldDatabase);
    const common = { root, databaseUrl, seed: SEED, baseEnv };
    // The seed runs with the environment of tally.config.ts: what it stores is old data.
    await prepareDatabase({ ...common, config: loaded.config });
    await storeUsers(loaded.config, { ...common, users: seedUsers });
  });
  const mode = options.mode ?? 'testing';
  const wired = started.use(
    await wireService({ mode, config, root, stack, template, seed: SEED, baseEnv }),
  );
  for (const { credentials } of seedUsers)
    for (const { provider, apiKey } of credentials) wired.simulator.acceptKey(provider, apiKey);
  const owned = started.move();
  return {
    ...wired,
    config,
    root,
    systemKey: systemProviderKey('openai', SEED),
    systemKeyAt: (provider) => systemProviderKey(provider, SEED),
    metrics: wiredMetricsReader(wired, config.service),
    newUser: createUserSupply(seedUsers, wired, config),
    newProviderKey: ({ provider = 'openai', known = true } = {}) => {
      const key = createKey();
      if (known) wired.simulator.acceptKey(provider, key);
      return key;
    },
    environment: (port, changes = {}) => ({
      ...baseEnv,
      ...config.service.environment(wiringOf(wired, port)),
      ...changes,
    }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function fillDatabase(databaseUrl: string, sql: string): Promise<void> {
  await using database = await openDatabaseReader(databaseUrl);
  await database.query(sql);
}

function withEnvironment(
  config: TallyConfig,
  environment: RunningServiceOptions['environment'] = () => ({}),
): TallyConfig {
  const { service } = config;
  return {
    ...config,
    service: {
      ...service,
      environment: (wiring) => ({ ...service.environment(wiring), ...environment(wiring) }),
    },
  };
}

function wiringOf({ mode, databaseUrl, simulator }: WiredService, port: number): Wiring {
  return {
    mode,
    host: '127.0.0.1',
    port,
    databaseUrl,
    providers: providerWiring((provider) => simulator.providerUrl(provider), SEED),
  };
}

/** Says "tally" in clear, so that nobody mistakes it for a real key. */
function createKey(): string {
  return `sk-tally-${createHash('sha256').update(randomUUID()).digest('hex').slice(0, 32)}`;
}

function createSeedUsers(): SeedUser[] {
  return [undefined, ...PROVIDERS].flatMap((provider) =>
    Array.from({ length: USERS }, (_, index) => ({
      name: `user-${provider ?? 'without-key'}-${index}`,
      apiKey: createKey(),
      credentials: provider === undefined ? [] : [{ provider, apiKey: createKey() }],
    })),
  );
}

async function storeUsers(
  { service }: TallyConfig,
  {
    root,
    databaseUrl,
    baseEnv,
    users,
  }: {
    root: string;
    databaseUrl: string;
    baseEnv: Readonly<Record<string, string>>;
    users: readonly SeedUser[];
  },
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

function createUserSupply(
  users: readonly SeedUser[],
  { service }: WiredService,
  config: TallyConfig,
): RunningService['newUser'] {
  const supplies = Map.groupBy(users, ({ credentials }) => credentials[0]?.provider);
  return ({ ownKey } = {}) => {
    const user = supplies.get(ownKey)?.shift();
    if (user === undefined)
      throw new RangeError(`More than ${USERS} users of a kind were asked for: raise USERS.`);
    return createServiceUser({
      name: user.name,
      serviceKey: user.apiKey,
      providerKey: user.credentials[0]?.apiKey,
      serviceUrl: service.url,
      headers: config.service.authorization(user.apiKey),
    });
  };
}
