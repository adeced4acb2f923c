import type { TallyConfig } from '#harness/config/tally-config.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { reconcileNow } from '#harness/modes/reconcile-now.ts';
import { wiredMetricsReader } from '#harness/modes/wired-metrics-reader.ts';
import { type WiredService, wireService } from '#harness/modes/wired-service.ts';
import type { FactRow } from '#harness/reconcile/reconcile.ts';
import type { Stack } from '#harness/stack/stack.ts';
import { checkAnswer } from '#harness/traffic/check-answer.ts';
import { playScenario } from '#harness/traffic/play-scenario.ts';
import type { Mode } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';
import { shuffled } from '../stress/seeded.ts';
import { withoutBusyWindows } from '../stress/without-busy-windows.ts';
import { loadScenarios, MIX_SIZE } from './load-mix.ts';

export interface LoadRoundsOptions {
  mode: Mode;
  config: TallyConfig;
  /** Folder of the service, planted or not. */
  root: string;
  stack: Stack;
  /** Keys and the order of the calls are derived from it. */
  seed: string;
  baseEnv: Readonly<Record<string, string>>;
  /** After a first one, number 0, in which the process warms up with one mix of calls. */
  rounds: number;
  /** In each of these, all at once. */
  calls: number;
  signal: AbortSignal;
}

/** All calls of one round, ended and reconciled with all rounds before. */
export interface LoadRound {
  round: number;
  calls: readonly ServiceCall[];
  /** How many provider calls the round caused. */
  providerCalls: number;
  rows: readonly FactRow[];
  findings: readonly Finding[];
}

/** Sends mixed calls at once, round by round, to one service process, and asks all witnesses. */
export async function* loadRounds(options: LoadRoundsOptions): AsyncGenerator<LoadRound> {
  const { stack, rounds, calls, signal } = options;
  const config = { ...options.config, scenarios: loadScenarios({ calls, round: 0 }) };
  const template = await stack.postgres.createTemplate((databaseUrl) =>
    prepareDatabase({ ...options, config, databaseUrl }),
  );
  await using wired = await wireService({ ...options, config, template });
  const metrics = wiredMetricsReader(wired, config.service);
  await stack.prometheus.scraping;
  const { ledger } = wired.simulator;
  for (let round = 0; round <= rounds; round += 1) {
    const before = { calls: wired.calls.length, providerCalls: ledger.calls.length };
    const answers = await playRound(wired, { ...options, round });
    const reconciliation = await reconcileNow(wired, { ...options, config, metrics, signal });
    const { rows, findings } = withoutBusyWindows(reconciliation, wired.calls);
    yield {
      round,
      calls: wired.calls.slice(before.calls),
      providerCalls: ledger.calls.length - before.providerCalls,
      rows,
      findings: [
        ...answers,
        ...wired.simulator.findings,
        ...wired.simulator.unusedScripts(),
        ...findings,
      ],
    };
  }
}

/** Gives what clients were answered otherwise than promised. */
async function playRound(
  { simulator, service, calls }: WiredService,
  { config, seed, round, signal, ...options }: LoadRoundsOptions & { round: number },
): Promise<Finding[]> {
  const scenarios = loadScenarios({ calls: round === 0 ? MIX_SIZE : options.calls, round });
  const { authorization } = config.service;
  const checked = shuffled(scenarios, `${seed}/${round}`).map(async (scenario) => {
    const { played } = await playScenario(scenario, {
      url: service.url,
      seed,
      simulator,
      authorization,
      calls,
      signal,
    });
    return played.flatMap((one) => checkAnswer(scenario, one));
  });
  return (await Promise.all(checked)).flat();
}
