import type { TallyConfig } from '#harness/config/tally-config.ts';
import { compareModes } from '#harness/modes/compare-modes.ts';
import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import { type GateResult, ranGate } from './gate.ts';

/** Both modes gave equal answers, rows and movements to the same scenarios. */
export function modesGate(
  config: TallyConfig,
  { testing, production }: { testing: ModeSegment; production: ModeSegment },
): GateResult {
  const startedAtMs = performance.now();
  const { checks, findings } = compareModes(testing, production, {
    scenarios: config.scenarios,
    volatileFields: config.service.volatileFields,
  });
  return ranGate('modes', { checks, findings, durationMs: performance.now() - startedAtMs });
}
