import { resolve } from 'node:path';
import type { Cassette } from '#harness/cassettes/cassette.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { PROVIDERS } from '#harness/cassettes/provider.ts';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import { type DatabaseReader, openDatabaseReader } from '#harness/database/database-reader.ts';
import { onThisMachine } from '#harness/service/on-this-machine.ts';
import { runService } from '#harness/service/run-service.ts';
import type { Service } from '#harness/service/service.ts';
import type { ServicePlace } from '#harness/service/service-place.ts';
import type { ProviderSide } from '#harness/simulator/provider-side.ts';
import { type Simulator, startSimulator } from '#harness/simulator/simulator.ts';
import type { DatabaseTemplate, PrometheusServer, ScrapeSlot } from '#harness/stack/stack.ts';
import { callerOf, systemProviderKey } from '#harness/traffic/callers.ts';
import { cassettesOf, type Mode } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';
import { providerWiring } from './provider-wiring.ts';

export interface WireServiceOptions {
  mode: Mode;
  config: TallyConfig;
  /** Folder of the configuration. */
  root: string;
  stack: { readonly prometheus: Pick<PrometheusServer, 'claimSlot'> };
  template: DatabaseTemplate;
  /** Keys are derived from it. */
  seed: string;
  /** Where the service runs; as a process of this machine when left out. */
  place?: ServicePlace | undefined;
  /** What every child process gets: PATH, HOME, TMPDIR. */
  baseEnv: Readonly<Record<string, string>>;
  /** Answer every valid provider call, also without a script; for exploring. */
  generate?: boolean;
  signal?: AbortSignal | undefined;
}

/** One service process with all it needs of its own: database, providers, scrape slot, ledger. */
export interface WiredProcess extends AsyncDisposable {
  readonly mode: Mode;
  readonly service: Service;
  /** What it has in the place of its providers. */
  readonly providers: ProviderSide;
  readonly database: DatabaseReader;
  readonly databaseUrl: string;
  /** The scrapes of the process that runs now. */
  readonly slot: ScrapeSlot;
  /** The client's ledger. */
  readonly calls: ServiceCall[];
  /** The process that runs now, counted from 1. */
  readonly process: ServiceProcess;
  /**
   * Starts the service anew, on the same port and database. The new process has series of its own,
   * and `database` shows only the rows that it adds.
   */
  restart(): Promise<void>;
}

/** One whose providers are simulated. */
export interface WiredService extends WiredProcess {
  readonly simulator: Simulator;
}

/** One run of the service between two restarts, and where its part of both ledgers begins. */
export interface ServiceProcess {
  readonly number: number;
  readonly firstProviderCall: number;
  readonly firstServiceCall: number;
}

/** Starts the service in one mode before the simulator. On failure nothing is left running. */
export async function wireService({
  generate = false,
  ...options
}: WireServiceOptions): Promise<WiredService> {
  const cassettes = await loadNamed(options.config, options.root);
  const host = options.place?.harness.listenOn;
  const simulator = await startSimulator({ generate, cassettes, host });
  return Object.assign(await wireProcess(options, simulator), { simulator });
}

/**
 * Starts the service in one mode on a cloned database, before what stands for its providers, which
 * ends with it. On failure nothing is left running.
 */
export async function wireProcess(
  options: Omit<WireServiceOptions, 'generate'>,
  providers: ProviderSide,
): Promise<WiredProcess> {
  const { mode, config, stack, seed, signal } = options;
  const { place = processOf(options) } = options;
  await using started = new AsyncDisposableStack();
  started.use(providers);
  acceptKeys(providers, config, seed);
  const database = started.use(await options.template.clone());
  let slot = started.use(await stack.prometheus.claimSlot());
  const service = started.use(
    await runService({
      ...config.service,
      place,
      environment: (port) =>
        config.service.environment({
          mode,
          host: place.listenHost,
          port,
          databaseUrl: place.databaseUrl(database.url),
          providers: providerWiring(
            (provider) => withHost(providers.providerUrl(provider), place.harness.host),
            seed,
          ),
        }),
      signal,
    }),
  );
  const metricsUrl = `${service.url}${config.service.metricsPath}`;
  slot.pointTo(metricsUrl);
  const reader = started.use(await openDatabaseReader(database.url));
  const owned = started.move();
  const calls: ServiceCall[] = [];
  let process: ServiceProcess = { number: 1, firstProviderCall: 0, firstServiceCall: 0 };
  return {
    mode,
    service,
    providers,
    database: reader,
    databaseUrl: database.url,
    get slot() {
      return slot;
    },
    calls,
    get process() {
      return process;
    },
    restart: async () => {
      await slot.release();
      await service.restart();
      slot = owned.use(await stack.prometheus.claimSlot());
      slot.pointTo(metricsUrl);
      await reader.hideRows(config.service.database.events ?? {});
      process = {
        number: process.number + 1,
        firstProviderCall: providers.ledger.calls.length,
        firstServiceCall: calls.length,
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function processOf({ config, root, baseEnv }: WireServiceOptions): ServicePlace {
  const { command, cwd = root } = config.service;
  return onThisMachine({ command, cwd, baseEnv });
}

function withHost(url: string, hostname: string): string {
  return Object.assign(new URL(url), { hostname }).href;
}

/** The recordings that some scenario names: any other would be unused, which is a finding. */
async function loadNamed({ cassettes, scenarios }: TallyConfig, root: string): Promise<Cassette[]> {
  const all = cassettes === undefined ? [] : await loadCassettes(resolve(root, cassettes));
  const named = new Set(scenarios.flatMap(cassettesOf));
  return all.filter(({ id }) => named.has(id));
}

/** Makes every valid key of the scenarios known to the providers, the service's own too. */
export function acceptKeys(
  providers: ProviderSide,
  { scenarios }: TallyConfig,
  seed: string,
): void {
  for (const provider of PROVIDERS)
    providers.acceptKey(provider, systemProviderKey(provider, seed));
  for (const scenario of scenarios) {
    for (const { provider, key, isValid } of callerOf(scenario, seed).ownKeys) {
      if (isValid) providers.acceptKey(provider, key);
    }
  }
}
