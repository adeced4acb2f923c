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
  /**
   * Takes what a case may cost from the budget before it is played. What it returns puts in its
   * place what the calls did cost, in USD; a play that fails meanwhile stays at the estimate.
   */
  reserve(one: RecordableCase): (exchanges: readonly RecordedExchange[]) => number;
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
    reserve: (one) => {
      const estimatedUsd = estimateOf(one);
      budget.spend(estimatedUsd);
      return (exchanges) => {
        const costUsd = costOf(exchanges, prices, day) ?? estimatedUsd;
        budget.spend(costUsd - estimatedUsd);
        return costUsd;
      };
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

/** undefined when nobody can tell: an unlisted model, or an answer that broke off before its usage. */
function costOf(
  exchanges: readonly RecordedExchange[],
  prices: Prices,
  day: string,
): number | undefined {
  const costs = exchanges.map(({ call }) => {
    const { provider, status, modelServed, modelRequested, usage, images } = call;
    if (status !== 200) return 0;
    if (usage === undefined && images === 0) return undefined;
    return prices({ provider, model: modelServed ?? modelRequested, usage, images }, day);
  });
  const known = costs.filter((cost) => cost !== undefined);
  return known.length < costs.length ? undefined : known.reduce((sum, cost) => sum + cost, 0);
}
