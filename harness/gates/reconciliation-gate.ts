import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import { type GateResult, ranGate } from './gate.ts';

/** The witnesses of every fact agreed in every mode. */
export function reconciliationGate(segments: readonly ModeSegment[]): GateResult {
  return ranGate('reconciliation', {
    checks: segments.reduce((sum, { facts }) => sum + facts.length, 0),
    durationMs: Math.max(...segments.map(({ durationsMs }) => durationsMs.reconcile)),
    findings: segments.flatMap(({ mode, factFindings }) =>
      factFindings.map((finding) => ({ ...finding, message: `In ${mode}: ${finding.message}` })),
    ),
  });
}
