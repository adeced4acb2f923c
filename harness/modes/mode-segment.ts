import type { Finding } from '#harness/findings/finding.ts';
import type { FactRow } from '#harness/reconcile/reconcile.ts';
import type { Mode } from '#harness/traffic/scenario.ts';
import type { ScenarioOutcome } from './scenario-outcome.ts';

/** Milliseconds that the parts of a segment took. */
export interface SegmentDurations {
  start: number;
  scenarios: number;
  /** Waiting for Prometheus' first scrape, which takes 5 s from its start. */
  scraping: number;
  settle: number;
  reconcile: number;
}

/** All that one service process in one mode did from its start until the fence. */
export interface ModeSegment {
  mode: Mode;
  outcomes: readonly ScenarioOutcome[];
  facts: readonly FactRow[];
  factFindings: readonly Finding[];
  /** Requests that the simulator refused, and scripts that no call asked for. */
  simulatorFindings: readonly Finding[];
  durationsMs: SegmentDurations;
}
