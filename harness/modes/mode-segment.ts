import type { Finding } from '#harness/findings/finding.ts';
import type { FactRow } from '#harness/reconcile/reconcile.ts';
import type { Mode } from '#harness/traffic/scenario.ts';
import type { ScenarioOutcome } from './scenario-outcome.ts';

/** All that one service process in one mode did from its start until the fence. */
export interface ModeSegment {
  mode: Mode;
  outcomes: readonly ScenarioOutcome[];
  facts: readonly FactRow[];
  factFindings: readonly Finding[];
  /** Milliseconds of the parts, for `verify by part`. */
  durationsMs: { start: number; scenarios: number; settle: number; reconcile: number };
}
