import type { RunSegmentsOptions } from '#harness/modes/run-segments.ts';
import type { RunState } from './run-state.ts';
import type { RunMetrics } from './serve-run-metrics.ts';

/** Has Prometheus scrape Tally from the start of the stack, and every scenario told as it ends. */
export function watchedBy(own: RunMetrics): Pick<RunSegmentsOptions, 'onStack' | 'onOutcome'> {
  const scenarios: NonNullable<RunState['scenarios']>[number][] = [];
  return {
    onStack: ({ prometheus }) => prometheus.ownSlot.pointTo(own.url),
    onOutcome: (mode, { scenario, findings }) => {
      scenarios.push({ mode, scenario, findings: findings.length });
      own.publish({ scenarios });
    },
  };
}
