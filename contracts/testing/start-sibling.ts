import {
  createMetricsReader,
  type MetricsReader,
  type Service,
  startService,
} from '#harness/index.ts';
import type { RunningService } from './running-service.ts';

/** Another process of the same service on the same database, e.g. with other master keys. */
export async function startSibling(
  { config, root, environment }: RunningService,
  changes: Record<string, string>,
): Promise<Service & { readonly metrics: MetricsReader }> {
  const { epoch, decayingMetrics, inFlightMetrics, metricsPath, ...service } = config.service;
  const sibling = await startService({
    ...service,
    cwd: service.cwd ?? root,
    environment: (port) => environment(port, changes),
  });
  const metrics = createMetricsReader({
    metricsUrl: `${sibling.url}${metricsPath}`,
    leaveOut: decayingMetrics,
    epochMetric: epoch?.metric,
    inFlightMetrics,
  });
  return Object.assign(sibling, { metrics });
}
