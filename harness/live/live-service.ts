import type { Cassette } from '#harness/cassettes/cassette.ts';
import { PROVIDERS } from '#harness/cassettes/provider.ts';
import type { HarnessEnvironment } from '#harness/config/env.ts';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { UNSCRAPED } from '#harness/modes/unscraped.ts';
import { wiredMetricsReader } from '#harness/modes/wired-metrics-reader.ts';
import { wireProcess } from '#harness/modes/wired-service.ts';
import { startRecorder } from '#harness/recorder/recorder.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { callerOf, systemProviderKey } from '#harness/traffic/callers.ts';
import type { Scenario } from '#harness/traffic/scenario.ts';
import { liveProviders } from './live-providers.ts';
import { type LivePlay, playLive } from './play-live.ts';
import type { RecordableCase } from './recordable-case.ts';

export interface LiveServiceOptions {
  config: TallyConfig;
  /** Folder of the configuration. */
  root: string;
  /** What may be played: these callers are stored. */
  scenarios: readonly Scenario[];
  seed: string;
  harness: HarnessEnvironment;
  baseEnv: Readonly<Record<string, string>>;
  progress: (text: string) => void;
  signal?: AbortSignal | undefined;
}

/** The service, with the recorder between it and the live providers. */
export interface LiveService extends AsyncDisposable {
  /** Every secret of the run, the derived keys too: none may be written anywhere. */
  readonly secrets: readonly string[];
  /**
   * Plays one case until nothing moves, and judges it: the answer, the wire, the rows so far, and,
   * beside a recording, the shape.
   */
  play(one: RecordableCase, recording?: Cassette): Promise<LivePlay>;
}

/** Starts Postgres, the recorder and the service. On failure nothing is left running. */
export async function startLiveService(options: LiveServiceOptions): Promise<LiveService> {
  const { config, root, scenarios, seed, harness, baseEnv, progress, signal } = options;
  const own = { ...config, scenarios };
  await using started = new AsyncDisposableStack();
  progress('stack: starting Postgres');
  const stack = started.use(await startEmbeddedStack({ ...harness, slots: 0, progress, signal }));
  progress('database: migrating and seeding');
  const shared = { config: own, root, seed, baseEnv, signal };
  const template = await stack.postgres.createTemplate((databaseUrl) =>
    prepareDatabase({ ...shared, databaseUrl }),
  );
  progress('service: starting before the recorder');
  const recorder = await startRecorder(liveProviders(harness.live));
  // Ctrl-C cuts the calls of the providers, or the service would wait for their answers.
  signal?.addEventListener('abort', () => void recorder[Symbol.asyncDispose](), { once: true });
  const wired = started.use(
    await wireProcess({ ...shared, mode: 'production', stack: UNSCRAPED, template }, recorder),
  );
  const metrics = wiredMetricsReader(wired, config.service);
  // First of all, or the service waits for answers that nobody wants any more.
  started.use(recorder);
  const keys = keysOf(scenarios, options);
  const secrets = [...keys, ...secretsIn(harness.env)];
  const owned = started.move();
  return {
    secrets,
    play: (one, recording) =>
      playLive(
        { one, recording },
        { wired, recorder, metrics, keys, secrets, config: own, seed, signal },
      ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The real keys, and those that stand for them in the service. */
function keysOf(scenarios: readonly Scenario[], { seed, harness }: LiveServiceOptions): string[] {
  const callers = scenarios.map((scenario) => callerOf(scenario, seed));
  return [
    ...Object.values(harness.live.keys),
    ...callers.flatMap(({ serviceKey, ownKeys }) => [serviceKey, ...ownKeys.map(({ key }) => key)]),
    ...PROVIDERS.map((provider) => systemProviderKey(provider, seed)),
  ];
}

/** Variables that hold secrets, whosever they are. */
const SECRET_VARIABLE = /(KEY|TOKEN|SECRET|PASSWORD)$/;

function secretsIn(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    SECRET_VARIABLE.test(name) ? [value] : [],
  );
}
