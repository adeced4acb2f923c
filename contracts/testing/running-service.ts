import { inject } from 'vitest';
import type { Provider } from '#harness/cassettes/provider.ts';
import { childEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import type { TallyConfig, Wiring } from '#harness/config/tally-config.ts';
import type { MetricsReader } from '#harness/metrics/metrics-reader.ts';
import { providerWiring } from '#harness/modes/provider-wiring.ts';
import { UNSCRAPED } from '#harness/modes/unscraped.ts';
import { wiredMetricsReader } from '#harness/modes/wired-metrics-reader.ts';
import { type WiredService, wireService } from '#harness/modes/wired-service.ts';
import { connectPostgres } from '#harness/stack/postgres/connect-postgres.ts';
import { type SeedUser, systemProviderKey } from '#harness/traffic/callers.ts';
import type { Mode } from '#harness/traffic/scenario.ts';
import { createContractTemplate, createKey, SEED } from './contract-database.ts';
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

/** Starts simulator and service on a clone of the run's database. On failure nothing is left running. */
export async function startRunningService(
  options: RunningServiceOptions = {},
): Promise<RunningService> {
  const loaded = await loadConfig();
  const { root } = loaded;
  const config = withEnvironment(loaded.config, options.environment);
  const baseEnv = childEnvironment();
  await using started = new AsyncDisposableStack();
  const shared = inject('sharedDatabase');
  const postgres = started.use(connectPostgres(shared.adminUrl));
  const { oldDatabase, mode = 'testing' } = options;
  const template =
    oldDatabase === undefined
      ? postgres.openTemplate(shared.template)
      : await createContractTemplate(postgres, {
          ...loaded,
          baseEnv,
          oldDatabase,
          users: shared.users,
        });
  const wired = started.use(
    await wireService({ mode, config, root, stack: UNSCRAPED, template, seed: SEED, baseEnv }),
  );
  for (const { credentials } of shared.users)
    for (const { provider, apiKey } of credentials) wired.simulator.acceptKey(provider, apiKey);
  const owned = started.move();
  return {
    ...wired,
    config,
    root,
    systemKey: systemProviderKey('openai', SEED),
    systemKeyAt: (provider) => systemProviderKey(provider, SEED),
    metrics: wiredMetricsReader(wired, config.service),
    newUser: createUserSupply(shared.users, wired, config),
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

function createUserSupply(
  users: readonly SeedUser[],
  { service }: WiredService,
  config: TallyConfig,
): RunningService['newUser'] {
  const supplies = Map.groupBy(users, ({ credentials }) => credentials[0]?.provider);
  return ({ ownKey } = {}) => {
    const user = supplies.get(ownKey)?.shift();
    if (user === undefined)
      throw new RangeError(
        `All users with ${ownKey ?? 'no'} key were given away: raise USERS in contract-database.ts.`,
      );
    return createServiceUser({
      name: user.name,
      serviceKey: user.apiKey,
      providerKey: user.credentials[0]?.apiKey,
      serviceUrl: service.url,
      headers: config.service.authorization(user.apiKey),
    });
  };
}
