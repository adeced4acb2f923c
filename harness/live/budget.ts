import type { Cassette } from '#harness/cassettes/cassette.ts';
import { readLiveAnswer } from '#harness/recorder/read-live-answer.ts';
import { wireOf } from '#harness/simulator/providers/wires.ts';
import type { Prices } from './prices.ts';

/** A model may say more than it did when it was recorded. */
const MARGIN = 1.25;
/** What is reserved for a case whose recording says nothing about its cost. */
const UNKNOWN_USD = 0.01;

/** USD that a case will cost at most, so far as its last recording can tell. */
export function estimateUsd(cassette: Cassette | undefined, prices: Prices, day: string): number {
  if (cassette === undefined) return UNKNOWN_USD;
  const wire = wireOf(cassette.provider);
  return cassette.interactions.reduce((sum, { response }) => {
    if (response.status !== 200) return sum;
    const { provider } = cassette;
    const { modelServed: model, usage, images } = readLiveAnswer(wire, response);
    const cost = prices({ provider, model, usage, images }, day);
    return sum + (cost === undefined || cost === 0 ? UNKNOWN_USD : MARGIN * cost);
  }, 0);
}

/** The money of one run: what was spent of it, and whether the next case still fits. */
export class Budget {
  readonly limitUsd: number;
  #spentUsd = 0;

  constructor(limitUsd: number) {
    this.limitUsd = limitUsd;
  }

  get spentUsd(): number {
    return this.#spentUsd;
  }

  /** Why a case must not be played; undefined when it fits. */
  whyNot(estimatedUsd: number): string | undefined {
    if (this.#spentUsd + estimatedUsd <= this.limitUsd) return undefined;
    return `its estimated ${showUsd(estimatedUsd)} on top of ${showUsd(this.#spentUsd)} would cross the budget of ${showUsd(this.limitUsd)} (TALLY_LIVE_BUDGET_USD)`;
  }

  spend(usd: number): void {
    this.#spentUsd += usd;
  }
}

/** e.g. "$0.00012". */
export function showUsd(usd: number): string {
  return `$${usd.toFixed(5)}`;
}
