import { Gauge, Registry } from 'prom-client';
import { RUN_FAMILIES } from './run-families.ts';
import type { RunState } from './run-state.ts';

/** The text that Prometheus scrapes of a run, as far as it is known. */
export async function renderRunMetrics(run: RunState): Promise<string> {
  const registry = new Registry();
  for (const [name, { help, labelNames, shares }] of Object.entries(RUN_FAMILIES)) {
    const gauge = new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
    // Without labels it would show 0 before anything is known.
    if (labelNames.length === 0) gauge.remove();
    for (const { labels, value } of shares(run)) gauge.inc(labels, value);
  }
  return await registry.metrics();
}
