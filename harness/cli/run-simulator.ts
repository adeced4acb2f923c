import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { PROVIDERS } from '#harness/cassettes/provider.ts';
import { childEnvironment } from '#harness/config/env.ts';
import { type LoadedConfig, loadConfig } from '#harness/config/load-config.ts';
import { openDatabaseReader } from '#harness/database/database-reader.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { acceptKeys } from '#harness/modes/wired-service.ts';
import { connectService } from '#harness/service/connect-service.ts';
import { type Simulator, startSimulator } from '#harness/simulator/simulator.ts';
import { systemProviderKey } from '#harness/traffic/callers.ts';
import { playScenario } from '#harness/traffic/play-scenario.ts';
import { cassettesOf } from '#harness/traffic/scenario.ts';
import type { CommandContext } from './command-context.ts';

export interface SimulatorFlags {
  config: string;
  host: string;
  port: number;
  seed: string;
  databaseUrl?: string;
  serviceUrl?: string;
  /** Seconds. */
  every: number;
}

/** Stays until the signal aborts. */
export async function runSimulator(flags: SimulatorFlags, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const { seed, host, port, databaseUrl, serviceUrl } = flags;
  const loaded = await loadConfig(flags.config);
  if (databaseUrl !== undefined) {
    await fillEmptyDatabase(databaseUrl, loaded, flags, context);
  }
  await using simulator = await startSimulator({ host, port, generate: true });
  acceptKeys(simulator, loaded.config, seed);
  output.line(`simulator  ${simulator.url}`);
  for (const provider of PROVIDERS) {
    output.line(
      `${provider.padEnd(10)} the service's own key is ${systemProviderKey(provider, seed)}`,
    );
  }
  if (serviceUrl !== undefined) await playOn(simulator, serviceUrl, loaded, flags, context);
  else if (!signal.aborted) await once(signal, 'abort');
}

async function fillEmptyDatabase(
  databaseUrl: string,
  loaded: LoadedConfig,
  { seed }: SimulatorFlags,
  { output, signal }: CommandContext,
): Promise<void> {
  await using reader = await openDatabaseReader(databaseUrl);
  const tables = await reader.query(
    `select 1 from information_schema.tables where table_schema = 'public' limit 1`,
  );
  if (tables.length > 0) return;
  output.progress('database: migrating and seeding');
  await prepareDatabase({ ...loaded, databaseUrl, seed, baseEnv: childEnvironment(), signal });
}

/** Plays what needs no recording, round after round. What it shows is judged by `tally verify`. */
async function playOn(
  simulator: Simulator,
  serviceUrl: string,
  { config }: LoadedConfig,
  { seed, every }: SimulatorFlags,
  { output, signal }: CommandContext,
): Promise<void> {
  const { url } = await connectService({ ...config.service, url: serviceUrl, signal });
  const scenarios = config.scenarios.filter((scenario) => cassettesOf(scenario).length === 0);
  const { authorization } = config.service;
  for (let round = 1; !signal.aborted; round += 1) {
    for (const scenario of scenarios) {
      await playScenario(scenario, { url, seed, simulator, authorization, calls: [], signal });
    }
    output.progress(`round ${round}: ${scenarios.length} scenarios played`);
    await pause(every * 1_000, undefined, { signal }).catch(() => undefined);
  }
}
