import { randomBytes } from 'node:crypto';
import type { HarnessEnvironment } from '#harness/config/env.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { ExpositionError } from '#harness/metrics/exposition-error.ts';
import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import {
  type LiveSegments,
  type RunSegmentsOptions,
  runSegments,
  type Segments,
} from '#harness/modes/run-segments.ts';
import { runTogether } from '#harness/processes/run-together.ts';
import { runFolder } from '#harness/report/run-folder.ts';
import { publishScraped } from '#harness/run-metrics/publish-scraped.ts';
import { serveRunMetrics } from '#harness/run-metrics/serve-run-metrics.ts';
import { watchedBy } from '#harness/run-metrics/watched-by.ts';
import type { Backend } from '#harness/stack/choose-stack.ts';
import { runSuite, type SuiteRun } from '#harness/suite/run-suite.ts';
import { commitOf } from '#harness/suite/source-hash.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { alertsGate } from './alerts-gate.ts';
import { contractsGate } from './contracts-gate.ts';
import { coverageGate } from './coverage-gate.ts';
import { dashboardsGate } from './dashboards-gate.ts';
import { environmentGate } from './environment-gate.ts';
import { expositionGate } from './exposition-gate.ts';
import { fireConfiguredAlerts } from './fire-configured-alerts.ts';
import { GATES, type GateResult, notRunGate, ranGate } from './gate.ts';
import { grafanaGate } from './grafana-gate.ts';
import { judgeRecordings, loadRecordings } from './judge-recordings.ts';
import type { LiveRun } from './live-series.ts';
import { modesGate } from './modes-gate.ts';
import { observabilityGate } from './observability-gate.ts';
import { previewOfRun } from './preview-of-run.ts';
import type { ProfileName } from './profiles.ts';
import { reconciliationGate } from './reconciliation-gate.ts';
import { recordingsGate } from './recordings-gate.ts';
import { judge, partsOfSegments, type Verdict } from './verdict.ts';

export interface VerifyOptions {
  profile: ProfileName;
  /** Keys and everything random are derived from it; a new one when left out. */
  seed?: string | undefined;
  /** false leaves the test suite out: the coverage gate then did not run. */
  withTests: boolean;
  harness: HarnessEnvironment;
  /** Where the stack runs; chosen by what is there when left out. */
  backend?: Backend | undefined;
  /** The service runs in containers of this image; true: of the one that the configuration builds. */
  image?: string | true | undefined;
  /** What every child process gets. */
  baseEnv: Readonly<Record<string, string>>;
  /** Called for each gate as soon as it is judged. */
  onGate: (gate: GateResult) => void;
  /** Called with the page of the dashboards; undefined where there are none. */
  onPreview?: (page: string | undefined) => void;
  progress: (text: string) => void;
  signal: AbortSignal;
}

/** environment → stack → both modes → scenarios → settle → reconcile → tests → verdict. */
export async function verify(loaded: LoadedConfig, options: VerifyOptions): Promise<Verdict> {
  const startedAt = new Date();
  const startedAtMs = performance.now();
  const seed = options.seed ?? randomBytes(4).toString('hex');
  const commit = await commitOf(loaded.root);
  const recordings = await loadRecordings(loaded);
  const gates: GateResult[] = [];
  const add = (gate: GateResult): void => {
    gates.push(gate);
    options.onGate(gate);
  };
  await using own = await serveRunMetrics({
    startedAt: startedAt.toISOString(),
    profile: options.profile,
    commit,
    gates,
  });
  add(await environmentGate(loaded, options.signal));
  const judgeCassettes = (segments: readonly ModeSegment[]) =>
    judgeRecordings(recordings, { segments, now: startedAt });
  const whileUp = async (ended: LiveSegments): Promise<void> => {
    const { prometheus } = ended;
    const segments = Object.values(ended.segments);
    add(modesGate(loaded.config, ended.segments));
    add(reconciliationGate(segments));
    const known = { ...partsOfSegments(segments), cassettes: judgeCassettes(segments), gates };
    const { signal } = options;
    const toldAtSeconds = await publishScraped(own, known, { prometheus, signal });
    const live = { ...ended, toldAtSeconds };
    (await gatesOfLive(loaded, live, { ...options, startedAt })).forEach(add);
    options.onPreview?.(await previewOfRun(loaded, live, { startedAt, signal }));
  };
  const run = await segmentsOrFinding(loaded, { ...options, ...watchedBy(own), seed, whileUp });
  const segments = 'segments' in run ? Object.values(run.segments) : [];
  const cassettes = judgeCassettes(segments);
  let tests: SuiteRun | undefined;
  if ('segments' in run) {
    add(recordingsGate(cassettes, loaded.config.recordings?.allowSynthetic));
    const beside = await testsAndAlerts(loaded, options);
    tests = beside.tests;
    add(contractsGate(segments, tests));
    add(coverageGate(loaded.config.tests, tests));
    add(await observabilityGate(loaded, { segments, ...beside }));
  } else {
    add(ranGate('contracts', { checks: 1, durationMs: 0, findings: [run.finding] }));
    for (const name of GATES.filter((each) => gates.every((gate) => gate.name !== each))) {
      add(notRunGate(name, 'the contracts gate stopped the run'));
    }
  }
  return {
    verdict: judge(gates, options.profile),
    profile: options.profile,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - startedAtMs),
    commit,
    versions: {
      tally: packageJson.version,
      node: process.versions.node,
      ...('versions' in run && run.versions),
    },
    seed,
    gates,
    cassettes,
    ...(tests && { tests: countsOf(tests) }),
    ...partsOfSegments(segments),
  };
}

/** The gates that ask Prometheus, while it still answers. */
async function gatesOfLive(
  loaded: LoadedConfig,
  live: LiveRun,
  { startedAt, harness, signal }: Pick<VerifyOptions, 'harness' | 'signal'> & { startedAt: Date },
): Promise<GateResult[]> {
  const folder = runFolder(loaded.root, startedAt.toISOString());
  return await Promise.all([
    ...[expositionGate, alertsGate, dashboardsGate].map((gate) => gate(loaded, live, signal)),
    grafanaGate(loaded, live, { folder, harness, signal }),
  ]);
}

type SegmentsOptions = VerifyOptions &
  Pick<RunSegmentsOptions, 'seed' | 'whileUp' | 'onStack' | 'onOutcome'>;

/** A service whose /metrics cannot be read stops the run: that is a finding, not a failure. */
async function segmentsOrFinding(
  loaded: LoadedConfig,
  options: SegmentsOptions,
): Promise<Segments | { finding: Finding }> {
  try {
    return await runSegments({ ...loaded, ...options });
  } catch (error) {
    if (!(error instanceof ExpositionError)) throw error;
    return { finding: { check: 'contracts/exposition', message: error.message } };
  }
}

/** Alerts wait for seconds, while the tests compute. */
async function testsAndAlerts(loaded: LoadedConfig, options: VerifyOptions) {
  const [tests, firing] = await runTogether(
    [
      (signal) => testsOf(loaded, { ...options, signal }),
      (signal) => fireConfiguredAlerts(loaded, { ...options, signal }),
    ],
    options.signal,
  );
  return { tests, firing };
}

async function testsOf(
  { config, root }: LoadedConfig,
  { withTests, harness, progress, signal }: VerifyOptions,
): Promise<SuiteRun | undefined> {
  if (config.tests === undefined || !withTests) return undefined;
  const { command } = config.tests;
  progress(`tests: ${command.join(' ')}`);
  using _heartbeat = heartbeat((seconds) => progress(`tests: running for ${seconds} s`));
  return await runSuite({ command, root, env: harness.env, signal });
}

const HEARTBEAT_MS = 15_000;

/** Says now and then that long work goes on. */
function heartbeat(say: (seconds: number) => void): Disposable {
  const startedAtMs = performance.now();
  const timer = setInterval(
    () => say(Math.round((performance.now() - startedAtMs) / 1_000)),
    HEARTBEAT_MS,
  );
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function countsOf({
  result: { passed, failed, skipped },
}: SuiteRun): NonNullable<Verdict['tests']> {
  return { passed, failed, skipped };
}
