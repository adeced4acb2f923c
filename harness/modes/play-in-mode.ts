import type { TallyConfig } from '#harness/config/tally-config.ts';
import type { Row } from '#harness/database/database-reader.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { compareMovement } from '#harness/metrics/compare-movement.ts';
import { describeMovement } from '#harness/metrics/describe-movement.ts';
import type { MetricsReader, MetricsReaderOptions } from '#harness/metrics/metrics-reader.ts';
import type { Movement } from '#harness/metrics/movement.ts';
import type { ProviderCall } from '#harness/simulator/ledger.ts';
import type { Stack } from '#harness/stack/stack.ts';
import { callerOf, doorOf } from '#harness/traffic/callers.ts';
import { checkAnswer, comparisonsOf } from '#harness/traffic/check-answer.ts';
import type { Play } from '#harness/traffic/play.ts';
import { playScenario } from '#harness/traffic/play-scenario.ts';
import {
  type Mode,
  type ProviderAnswer,
  type Scenario,
  stepsOf,
} from '#harness/traffic/scenario.ts';
import { checkDurations } from './check-durations.ts';
import { reconcileNow } from './reconcile-now.ts';
import type { ScenarioOutcome } from './scenario-outcome.ts';
import { createPayerOf } from './wire-evidence.ts';
import { heldMetricsReader } from './wired-metrics-reader.ts';
import type { WiredService } from './wired-service.ts';

export interface PlayInModeOptions extends Pick<MetricsReaderOptions, 'onReading'> {
  config: TallyConfig;
  stack: Stack;
  seed: string;
  metrics: MetricsReader;
  signal?: AbortSignal | undefined;
}

/** Plays one scenario and collects its answers, movement and rows, compared with its promises. */
export async function playInMode(
  scenario: Scenario,
  wired: WiredService,
  options: PlayInModeOptions,
): Promise<ScenarioOutcome> {
  const { config, seed, metrics, signal } = options;
  const { simulator, service } = wired;
  const { rows } = config.service.database;
  const rowsBefore = await readRows(wired, rows);
  const providerCallsBefore = simulator.ledger.calls.length;
  let play: Play = { played: [], findings: [] };
  const movement = await metrics.during(
    async () => {
      play = await playScenario(scenario, {
        url: service.url,
        seed,
        simulator,
        signal,
        authorization: config.service.authorization,
        calls: wired.calls,
        checkFacts: (names) => checkHeld(names, wired, options),
      });
    },
    { name: scenario.name, signal },
  );
  const rowsAfter = await readRows(wired, rows);
  const providerCalls = simulator.ledger.calls.slice(providerCallsBefore);
  const { played } = play;
  const durations = checkDurations(scenario, played, movement, config.service);
  return {
    scenario: scenario.name,
    calls: played.map(({ call }) => call),
    movement,
    rows: addedRows(rowsBefore, rowsAfter),
    checks:
      played.reduce((sum, { promise, call }) => sum + comparisonsOf(promise, call).length, 2) +
      durations.checks,
    findings: [
      ...play.findings,
      ...played.flatMap((one) => checkAnswer(scenario, one)),
      ...checkProviderCalls(scenario, providerCalls, seed),
      ...checkMovement(scenario, movement, wired.mode),
      ...durations.findings,
    ].map((finding) => ({ ...finding, message: `In ${wired.mode}: ${finding.message}` })),
  };
}

/** What the witnesses say of some facts while calls are held; Prometheus must have started. */
async function checkHeld(
  names: readonly string[],
  wired: WiredService,
  options: PlayInModeOptions,
): Promise<readonly Finding[]> {
  await options.stack.prometheus.scraping;
  const metrics = heldMetricsReader(wired, options.config.service, options);
  const { findings } = await reconcileNow(wired, { ...options, metrics, only: names });
  return findings;
}

/** Each provider call with who paid and what answered, e.g. "anthropic (user): script". */
function checkProviderCalls(
  scenario: Scenario,
  calls: readonly ProviderCall[],
  seed: string,
): Finding[] {
  const caller = callerOf(scenario, seed);
  const show = (provider: string, paidBy: string, answeredBy: string): string =>
    `${provider} (${paidBy}): ${answeredBy}`;
  const expected = stepsOf(scenario).flatMap((step) =>
    step.provider.map((answer) => {
      const { provider, paidBy } = doorOf(answer, caller);
      return show(provider, paidBy, answererOf(answer));
    }),
  );
  const payerOf = createPayerOf(seed);
  const found = calls.map((call) =>
    show(call.provider, payerOf(call), call.answeredBy ?? 'refused'),
  );
  if (expected.join() === found.join()) return [];
  const list = (answers: readonly string[]): string => answers.join(', ') || 'none';
  return [
    {
      check: `contracts/${scenario.name}/provider-calls`,
      message: `${scenario.name}: expected provider calls: ${list(expected)}; found on the wire: ${list(found)}. (${scenario.says})`,
    },
  ];
}

function answererOf(answer: ProviderAnswer): string {
  if ('cassette' in answer) return answer.cassette;
  return 'refusedBy' in answer ? answer.refusedBy : 'script';
}

function checkMovement(scenario: Scenario, movement: Movement, mode: Mode): Finding[] {
  const stated = { ...scenario.movement, ...scenario.movementIn?.[mode] };
  const differences = compareMovement(stated, movement);
  if (differences.length === 0) return [];
  return [
    {
      check: `contracts/${scenario.name}/movement`,
      message: describeMovement({ stated, movement, differences }),
    },
  ];
}

type Tables = Readonly<Record<string, readonly Row[]>>;

async function readRows(
  { database }: WiredService,
  queries: Readonly<Record<string, string>>,
): Promise<Tables> {
  const tables: Record<string, readonly Row[]> = {};
  for (const [table, sql] of Object.entries(queries)) tables[table] = await database.query(sql);
  return tables;
}

/** The rows that are there now and were not before, in an order of their own. */
function addedRows(before: Tables, after: Tables): Tables {
  return Object.fromEntries(
    Object.entries(after).map(([table, rows]) => {
      const known = countRows(before[table] ?? []);
      const added = rows.filter((row) => {
        const left = known.get(JSON.stringify(row)) ?? 0;
        known.set(JSON.stringify(row), left - 1);
        return left <= 0;
      });
      return [table, added.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))];
    }),
  );
}

function countRows(rows: readonly Row[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const text = JSON.stringify(row);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}
