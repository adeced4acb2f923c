import { z } from 'zod';
import type { Snapshot } from '../metrics/snapshot.ts';
import { divideToHundredths, sumSamples } from './sum-samples.ts';

/** How this process and its database get on; what watches the service is not among the queries. */
export const databaseSummary = z.object({
  total_queries: z.int(),
  avg_query_latency_ms: z.number(),
  query_errors: z.int(),
  pool_in_use: z.int(),
  pool_size: z.int(),
});

export function summariseDatabase(snapshot: Snapshot): z.infer<typeof databaseSummary> {
  const seconds = sumSamples(snapshot, 'byom_database_query_duration_seconds_sum');
  const count = sumSamples(snapshot, 'byom_database_query_duration_seconds_count');
  return {
    total_queries: sumSamples(snapshot, 'byom_database_queries_total'),
    avg_query_latency_ms: divideToHundredths(1_000 * seconds, count),
    query_errors: sumSamples(
      snapshot,
      'byom_database_queries_total',
      ({ outcome }) => outcome === 'error',
    ),
    pool_in_use: sumSamples(
      snapshot,
      'byom_database_pool_connections',
      ({ state }) => state === 'in_use',
    ),
    pool_size: sumSamples(snapshot, 'byom_database_pool_connections'),
  };
}
