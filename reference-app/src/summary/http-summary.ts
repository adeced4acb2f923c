import { z } from 'zod';
import type { Snapshot } from '../metrics/snapshot.ts';
import { divideToHundredths, sumSamples } from './sum-samples.ts';

/** Requests over HTTP; /metrics, /health and the summary itself are not among them. */
export const httpSummary = z.object({
  total_requests: z.int(),
  request_rate_per_minute: z.number(),
  error_rate: z.number(),
  avg_latency_ms: z.number(),
  in_progress: z.int(),
});

export function summariseHttp(snapshot: Snapshot): z.infer<typeof httpSummary> {
  const total = sumSamples(snapshot, 'http_requests_total');
  const serverErrors = sumSamples(snapshot, 'http_requests_total', ({ status }) =>
    /^5/.test(String(status)),
  );
  const seconds = sumSamples(snapshot, 'http_request_duration_seconds_sum');
  const count = sumSamples(snapshot, 'http_request_duration_seconds_count');
  return {
    total_requests: total,
    request_rate_per_minute: sumSamples(snapshot, 'byom_http_request_rate_per_minute'),
    error_rate: divideToHundredths(100 * serverErrors, total),
    avg_latency_ms: divideToHundredths(1_000 * seconds, count),
    in_progress: sumSamples(snapshot, 'http_requests_in_progress'),
  };
}
