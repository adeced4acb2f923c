import type { Output } from '#harness/cli/output.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { type WiredService, wireService } from '#harness/modes/wired-service.ts';
import type { Service } from '#harness/service/service.ts';
import {
  type EmbeddedStackOptions,
  startEmbeddedStack,
} from '#harness/stack/embedded/start-embedded-stack.ts';
import { callerOf } from '#harness/traffic/callers.ts';
import type { Measurement } from '../measurement.ts';
import { compareSubjects, type Doors } from './compare.ts';
import { readProcess } from './read-process.ts';
import { createTable, toMeasurements } from './show-results.ts';
import { startGateway } from './start-gateway.ts';
import { startLoadClient } from './start-load-client.ts';

const SEED = 'perf';

interface ServiceOptions extends EmbeddedStackOptions {
  baseEnv: Readonly<Record<string, string>>;
  output: Output;
  /** Of each case; more of them make the medians steadier. */
  rounds: number;
}

/** What the service adds to a call of the provider, beside what a gateway adds that does less. */
export async function measureService(
  { config: loaded, root }: LoadedConfig,
  options: ServiceOptions,
): Promise<Measurement[]> {
  const { baseEnv, output, rounds } = options;
  const shared = { config: withoutLimits(loaded), root, baseEnv, seed: SEED };
  await using stack = await startEmbeddedStack(options);
  const template = await stack.postgres.createTemplate((databaseUrl) =>
    prepareDatabase({ ...shared, databaseUrl }),
  );
  const wiring = { ...shared, mode: 'production' as const, stack, template, generate: true };
  await using wired = await wireService(wiring);
  // Ten scrapes a second are right for tests, and nothing that a service in production meets.
  wired.slot.detach();
  await using gateway = await startGateway(root, baseEnv);
  await using client = startLoadClient();
  const results = await compareSubjects({
    client,
    doors: createDoors(shared.config, wired, gateway),
    rounds,
    progress: output.progress,
  });
  output.line(createTable(results).toString());
  return [
    ...toMeasurements(results),
    await measureMemory('gateway', gateway),
    await measureMemory('service', wired.service),
  ];
}

/** The limits stay on, where no load gets at them: what they cost belongs to the service. */
function withoutLimits(config: TallyConfig): TallyConfig {
  const limits = { RATE_LIMIT_PER_MINUTE: '1000000000', STREAMS_PER_USER: '1000000' };
  const { service } = config;
  const environment: typeof service.environment = (wiring) => ({
    ...service.environment(wiring),
    ...limits,
  });
  return { ...config, service: { ...service, environment } };
}

function createDoors(config: TallyConfig, wired: WiredService, gateway: Service): Doors {
  const scenario = config.scenarios.find(({ caller }) => caller === 'own-key');
  if (scenario === undefined) throw new TypeError('no scenario has a caller with an own key');
  const { serviceKey, seed } = callerOf(scenario, SEED);
  const providerUrl = wired.simulator.providerUrl('openai');
  const provider = { authorization: `Bearer ${seed?.credentials[0]?.apiKey}` };
  return {
    direct: { url: `${providerUrl}/chat/completions`, headers: provider, pid: undefined },
    service: {
      url: `${wired.service.url}/chat/completions`,
      headers: { ...config.service.authorization(serviceKey) },
      pid: wired.service.pid,
    },
    gateway: {
      url: `${gateway.url}/v1/chat/completions`,
      headers: {
        ...provider,
        'x-portkey-provider': 'openai',
        'x-portkey-custom-host': providerUrl,
      },
      pid: gateway.pid,
    },
  };
}

async function measureMemory(name: string, { pid }: Service): Promise<Measurement> {
  const { memoryBytes } = await readProcess(pid);
  return { name: `memory after it: ${name}`, value: memoryBytes / 1e6, unit: 'MB', runs: 1 };
}
