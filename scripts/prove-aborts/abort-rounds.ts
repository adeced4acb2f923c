import type { TallyConfig } from '#harness/config/tally-config.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { reconcileNow } from '#harness/modes/reconcile-now.ts';
import { wiredMetricsReader } from '#harness/modes/wired-metrics-reader.ts';
import { wireService } from '#harness/modes/wired-service.ts';
import type { Reconciliation } from '#harness/reconcile/reconcile.ts';
import type { CallEnd } from '#harness/simulator/ledger.ts';
import type { Stack } from '#harness/stack/stack.ts';
import { playScenario } from '#harness/traffic/play-scenario.ts';
import { withoutBusyWindows } from '../stress/without-busy-windows.ts';
import { ABORT_KINDS, type AbortKind, abortScenario } from './abort-scenario.ts';

export interface AbortRoundsOptions {
  config: TallyConfig;
  /** Folder of the service, planted or not. */
  root: string;
  stack: Stack;
  seed: string;
  baseEnv: Readonly<Record<string, string>>;
  rounds: number;
  signal: AbortSignal;
}

/** One abort, reconciled. */
export interface AbortRound {
  round: number;
  kind: AbortKind;
  /** How the provider saw the call end. */
  providerEnd: CallEnd | undefined;
  reconciliation: Reconciliation;
}

/** Aborts a stream again and again in one service process, and asks all witnesses each time. */
export async function* abortRounds(options: AbortRoundsOptions): AsyncGenerator<AbortRound> {
  const { config, stack, seed, rounds, signal } = options;
  const template = await stack.postgres.createTemplate((databaseUrl) =>
    prepareDatabase({ ...options, databaseUrl }),
  );
  await using wired = await wireService({ ...options, mode: 'production', template });
  const metrics = wiredMetricsReader(wired, config.service);
  await stack.prometheus.scraping;
  const { simulator, service, calls } = wired;
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of ABORT_KINDS) {
      const scenario = abortScenario(kind, round);
      const { authorization } = config.service;
      const { url } = service;
      await playScenario(scenario, { url, seed, simulator, authorization, calls });
      const reconciliation = withoutBusyWindows(
        await reconcileNow(wired, { config, stack, seed, metrics, signal }),
        calls,
      );
      yield { round, kind, providerEnd: simulator.ledger.calls.at(-1)?.end, reconciliation };
    }
  }
}
