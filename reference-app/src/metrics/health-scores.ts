import type { Registry } from 'prom-client';
import type { UsageEvent } from '../accounting/usage-event.ts';
import { createLabelledGauge } from './instruments.ts';
import { SlidingSum } from './sliding-sum.ts';

const WINDOW_MS = 5 * 60_000;
const SLOT_MS = 1_000;
/**
 * A stream whose first token took longer is slow. How long a plain answer takes says first of all
 * how much was asked for.
 */
const SLOW_SECONDS = 30;
const FULL_POINTS = 4;
/** A provider that answers everything, but slowly, ends between 60 and 80: degraded, not down. */
const SLOW_POINTS = 3;
/**
 * Successes that every provider starts with. So one without traffic is healthy (silence is no
 * evidence against it), one failure alone makes it degraded, and only the third in a row down.
 */
const CREDITED_SUCCESSES = 4;

/** What of an attempt tells how its provider does. */
type Judged = Pick<
  UsageEvent,
  'provider' | 'outcome' | 'providerStatus' | 'timeToFirstTokenSeconds'
>;

/** The points of an attempt, undefined when it says nothing of the provider. */
function judge(attempt: Judged): number | undefined {
  const { outcome, providerStatus = 0, timeToFirstTokenSeconds = 0 } = attempt;
  // The client left, or what was asked for was refused: the key, the request or the rate was wrong.
  const isRefusal = providerStatus >= 400 && providerStatus < 500;
  if (outcome === 'client_abort' || isRefusal) return undefined;
  if (outcome !== 'success') return 0;
  return timeToFirstTokenSeconds > SLOW_SECONDS ? SLOW_POINTS : FULL_POINTS;
}

export interface HealthScores {
  count(attempt: Judged): void;
  /** Sets the gauge: a score changes with time alone, so it is set when a snapshot is taken. */
  freeze(): void;
}

interface HealthOptions {
  readonly providers: readonly string[];
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** Registers the score of each provider: whole points from 0 to 100. */
export function createHealthScores(
  registry: Registry,
  { providers, nowMs }: HealthOptions,
): HealthScores {
  const gauge = createLabelledGauge(registry, {
    name: 'byom_provider_health_score',
    help: 'Of 100 points, by successes, failures and slowness in the 5 minutes before the snapshot.',
    labelNames: ['provider'],
  });
  const window = { windowMs: WINDOW_MS, slotMs: SLOT_MS, nowMs };
  const records = new Map(
    providers.map((provider) => {
      gauge.set({ provider }, 100);
      return [provider, { points: new SlidingSum(window), judged: new SlidingSum(window) }];
    }),
  );
  return {
    count: (attempt) => {
      const points = judge(attempt);
      if (points === undefined) return;
      records.get(attempt.provider)?.points.add(points);
      records.get(attempt.provider)?.judged.add(1);
    },
    freeze: () => {
      for (const [provider, { points, judged }] of records) {
        const earned = points.sum() + FULL_POINTS * CREDITED_SUCCESSES;
        const possible = FULL_POINTS * (judged.sum() + CREDITED_SUCCESSES);
        gauge.set({ provider }, Math.floor((100 * earned) / possible + 0.5));
      }
    },
  };
}
