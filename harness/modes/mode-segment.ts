import type { CassetteUse } from '#harness/cassettes/cassette-use.ts';
import type { HostileTraffic } from '#harness/exposition/send-hostile.ts';
import type { WatchedReadings } from '#harness/exposition/watch-readings.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { FactRow } from '#harness/reconcile/reconcile.ts';
import type { Mode } from '#harness/traffic/scenario.ts';
import type { ScenarioOutcome } from './scenario-outcome.ts';

/** Milliseconds that the parts of a segment took. */
export interface SegmentDurations {
  start: number;
  scenarios: number;
  /** Waiting for Prometheus' first scrape, which takes 5 s from its start, until the last fence. */
  scraping: number;
  settle: number;
  reconcile: number;
  hostile: number;
}

/** One value of one fact, and the process of the service that it is about, counted from 1. */
export interface ProcessFact extends FactRow {
  process: number;
}

/** All that the service did in one mode from its start until the last fence. */
export interface ModeSegment {
  mode: Mode;
  outcomes: readonly ScenarioOutcome[];
  facts: readonly ProcessFact[];
  factFindings: readonly Finding[];
  /** Requests that the simulator refused, and scripts that no call asked for. */
  simulatorFindings: readonly Finding[];
  /** What became of each recording that some scenario names. */
  cassetteUses: readonly CassetteUse[];
  durationsMs: SegmentDurations;
  /** What /metrics said whenever it was read. */
  readings: WatchedReadings;
  hostile: HostileTraffic;
  /** Where Prometheus keeps what the last process showed, and the instant of the last fence. */
  metrics: { selector: string; atSeconds: number };
  /** The paths of all quantities that the summary shows. */
  summaryFields: readonly string[];
}
