import { resolve } from 'node:path';
import type { Cassette } from '#harness/cassettes/cassette.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import type { HarnessEnvironment } from '#harness/config/env.ts';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { RecordedExchange } from '#harness/recorder/recorded-exchange.ts';
import { Budget, estimateUsd, showUsd } from './budget.ts';
import { whyNotLive } from './live-providers.ts';
import { loadPrices, type Prices } from './prices.ts';
import type { RecordableCase } from './recordable-case.ts';

/** What a run against live providers may do, and what it has cost so far. */
export interface LivePlan {
  /** Folder of the cassettes. */
  readonly folder: string;
  /** By id, as they were before the run. */
  readonly recordings: ReadonlyMap<string, Cassette>;
  /** Of the run, e.g. "2026-11-22". */
  readonly day: string;
  readonly spentUsd: number;
  /** Cases that can be played at all: those with a key that a live provider can be made to answer. */
  readonly possible: readonly RecordableCase[];
  /** One line: how many cases, and what they will cost. */
  readonly estimate: string;
  /** Why a case must not be played now; undefined when it may. */
  whyNot(one: RecordableCase): string | undefined;
  /** Takes what calls have cost from the budget; the sum, USD. */
  charge(exchanges: readonly RecordedExchange[]): number;
}

/** @throws HarnessError H_LIVE_PRICES, or those of loadCassettes() */
export async function planLive(
  { config, root }: LoadedConfig,
  { cases, live }: { cases: readonly RecordableCase[]; live: HarnessEnvironment['live'] },
): Promise<LivePlan> {
  const folder = resolve(root, config.cassettes ?? 'fixtures/cassettes');
  const recordings = new Map((await loadCassettes(folder)).map((one) => [one.id, one]));
  const prices = await pricesOf(config.prices, root);
  const day = new Date().toISOString().slice(0, 10);
  const budget = new Budget(live.budgetUsd);
  const estimateOf = ({ id }: RecordableCase) => estimateUsd(recordings.get(id), prices, day);
  const whyNever = (one: RecordableCase) => one.cannotBeRecorded ?? whyNotLive(one.provider, live);
  const possible = cases.filter((one) => whyNever(one) === undefined);
  const sumUsd = possible.reduce((sum, one) => sum + estimateOf(one), 0);
  return {
    folder,
    recordings,
    day,
    possible,
    estimate: `${possible.length} of ${cases.length} cases can be played live, for about ${showUsd(sumUsd)} of ${showUsd(budget.limitUsd)}`,
    get spentUsd() {
      return budget.spentUsd;
    },
    whyNot: (one) => whyNever(one) ?? budget.whyNot(estimateOf(one)),
    charge: (exchanges) => {
      const costUsd = costOf(exchanges, prices, day);
      budget.spend(costUsd);
      return costUsd;
    },
  };
}

async function pricesOf(file: string | undefined, root: string): Promise<Prices> {
  if (file !== undefined) return await loadPrices(resolve(root, file));
  throw new HarnessError('The configuration names no table of prices.', {
    code: 'H_LIVE_PRICES',
    fix: 'Give `prices`, e.g. fixtures/prices/catalogue.json: no live run goes without a budget.',
  });
}

/** A model that no table lists is taken for free; its estimate was not. */
function costOf(exchanges: readonly RecordedExchange[], prices: Prices, day: string): number {
  return exchanges.reduce((sum, { call }) => {
    const { provider, modelServed, modelRequested, usage, images } = call;
    const billed = { provider, model: modelServed ?? modelRequested, usage, images };
    return sum + (prices(billed, day) ?? 0);
  }, 0);
}
