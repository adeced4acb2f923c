import type { Cassette } from '#harness/cassettes/cassette.ts';
import { PROVIDERS } from '#harness/cassettes/provider.ts';
import { Redactor } from '#harness/cassettes/redact/redactor.ts';
import type { HarnessEnvironment } from '#harness/config/env.ts';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import type { MetricsReader } from '#harness/metrics/metrics-reader.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { reconcileKilled } from '#harness/modes/reconcile-now.ts';
import { UNSCRAPED } from '#harness/modes/unscraped.ts';
import { wiredMetricsReader } from '#harness/modes/wired-metrics-reader.ts';
import { type WiredProcess, wireProcess } from '#harness/modes/wired-service.ts';
import type { RecordedExchange } from '#harness/recorder/recorded-exchange.ts';
import { type Recorder, startRecorder } from '#harness/recorder/recorder.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { callerOf, systemProviderKey } from '#harness/traffic/callers.ts';
import type { PlayOptions } from '#harness/traffic/play.ts';
import { playScenario } from '#harness/traffic/play-scenario.ts';
import type { Scenario } from '#harness/traffic/scenario.ts';
import { judgeLive, type LiveJudgement } from './judge-live.ts';
import { liveProviders } from './live-providers.ts';
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
  /** Everything that the service has printed. */
  readonly log: readonly string[];
  /**
   * Plays one case until nothing moves, and judges it: the answer, the wire, the rows so far, and,
   * beside a recording, the shape.
   */
  play(one: RecordableCase, recording?: Cassette): Promise<LivePlay>;
}

/** What came of one case. What is said of it holds no secret; the exchanges do. */
export interface LivePlay extends LiveJudgement {
  readonly exchanges: readonly RecordedExchange[];
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
  const secrets = secretsOf(scenarios, seed, harness);
  const owned = started.move();
  return {
    secrets,
    log: wired.service.log.lines,
    play: (one, recording) =>
      playLive(
        { one, recording },
        { wired, recorder, metrics, secrets, options: { ...options, config: own } },
      ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A live provider does what it likes; see recordableCases(). */
const NOTHING_SCRIPTED: PlayOptions['simulator'] = {
  script: () => {
    throw new TypeError('a live provider cannot be scripted');
  },
  held: () => 0,
  release: () => 0,
};

interface LiveParts {
  wired: WiredProcess;
  recorder: Recorder;
  metrics: MetricsReader;
  secrets: readonly string[];
  options: LiveServiceOptions;
}

async function playLive(
  { one, recording }: { one: RecordableCase; recording: Cassette | undefined },
  { wired, recorder, metrics, secrets, options }: LiveParts,
): Promise<LivePlay> {
  const { config, seed, signal } = options;
  const [before, findingsBefore] = [recorder.exchanges.length, recorder.findings.length];
  const { played } = await playScenario(one.scenario, {
    url: wired.service.url,
    seed,
    signal,
    authorization: config.service.authorization,
    calls: wired.calls,
    simulator: NOTHING_SCRIPTED,
  });
  await metrics.untilQuiet({ signal });
  // What the wire and the rows say of the service since its start: no other witness is there.
  const rows = await reconcileKilled(wired, { config, seed });
  const exchanges = recorder.exchanges.slice(before);
  const { findings, news } = judgeLive(one, { played, exchanges, recording });
  const redactor = new Redactor(secrets);
  const hide = (text: string) => redactor.text('report', text);
  const all = [...recorder.findings.slice(findingsBefore), ...rows.findings, ...findings];
  return {
    exchanges,
    news: news.map(hide),
    findings: all.map((finding) => ({ ...finding, message: hide(finding.message) })),
  };
}

/** Variables that hold secrets, whosever they are. */
const SECRET_VARIABLE = /(KEY|TOKEN|SECRET|PASSWORD)$/;

function secretsOf(
  scenarios: readonly Scenario[],
  seed: string,
  { env, live }: HarnessEnvironment,
): string[] {
  const callers = scenarios.map((scenario) => callerOf(scenario, seed));
  const derived = callers.flatMap(({ serviceKey, ownKeys }) => [
    serviceKey,
    ...ownKeys.map(({ key }) => key),
  ]);
  const system = PROVIDERS.map((provider) => systemProviderKey(provider, seed));
  const set = Object.entries(env).flatMap(([name, value]) =>
    SECRET_VARIABLE.test(name) ? [value] : [],
  );
  return [...Object.values(live.keys), ...derived, ...system, ...set];
}
