import type { ServiceConfig } from '#harness/config/tally-config.ts';
import {
  createMetricsReader,
  type MetricsReader,
  type MetricsReaderOptions,
} from '#harness/metrics/metrics-reader.ts';
import type { Service } from '#harness/service/service.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';
import type { WiredProcess } from './wired-service.ts';

/** Reads the service's metrics at rest: when both ledgers are closed and nothing moves. */
export function wiredMetricsReader(
  { service, providers, calls }: WiredProcess,
  config: ServiceConfig,
  watching: Pick<MetricsReaderOptions, 'onReading'> = {},
): MetricsReader {
  return createMetricsReader({
    ...watching,
    ...readerOptions(service, config),
    whyNotQuiet: () => {
      if (providers.ledger.open > 0) return `${providers.ledger.open} provider calls are open`;
      const open = countOpen(calls);
      return open > 0 ? `${open} calls of the service are open` : undefined;
    },
  });
}

/** Reads them while calls are held: at rest when the gauges show those, and nothing moves. */
export function heldMetricsReader(
  { service, calls }: WiredProcess,
  config: ServiceConfig,
  watching: Pick<MetricsReaderOptions, 'onReading'> = {},
): MetricsReader {
  return createMetricsReader({
    ...watching,
    ...readerOptions(service, config),
    heldOpen: () => countOpen(calls),
  });
}

function readerOptions({ url }: Service, config: ServiceConfig) {
  return {
    metricsUrl: `${url}${config.metricsPath}`,
    leaveOut: config.decayingMetrics,
    epochMetric: config.epoch?.metric,
    inFlightMetrics: config.inFlightMetrics,
  };
}

function countOpen(calls: readonly ServiceCall[]): number {
  return calls.filter(({ end }) => end === undefined).length;
}
