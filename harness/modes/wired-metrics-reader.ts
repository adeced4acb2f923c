import type { ServiceConfig } from '#harness/config/tally-config.ts';
import { createMetricsReader, type MetricsReader } from '#harness/metrics/metrics-reader.ts';
import type { WiredService } from './wired-service.ts';

/** Reads the service's metrics at rest: when both ledgers are closed and nothing moves. */
export function wiredMetricsReader(
  { service, simulator, calls }: WiredService,
  config: ServiceConfig,
): MetricsReader {
  return createMetricsReader({
    metricsUrl: `${service.url}${config.metricsPath}`,
    leaveOut: config.decayingMetrics,
    epochMetric: config.epoch.metric,
    inFlightMetrics: config.inFlightMetrics,
    whyNotQuiet: () => {
      if (simulator.ledger.open > 0) return `${simulator.ledger.open} provider calls are open`;
      const open = calls.filter(({ end }) => end === undefined).length;
      return open > 0 ? `${open} calls of the service are open` : undefined;
    },
  });
}
