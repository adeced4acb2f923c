import { z } from 'zod';
import type { Snapshot } from '../metrics/snapshot.ts';
import { divideToHundredths, sumSamples } from './sum-samples.ts';

const HEALTHY_ABOVE = 80;
const DOWN_BELOW = 60;

/** How the providers did: scores of the last minutes, rates and times since the start. */
export const providersSummary = z.object({
  total_providers: z.int(),
  healthy_providers: z.int(),
  degraded_providers: z.int(),
  down_providers: z.int(),
  avg_health_score: z.number(),
  avg_error_rate: z.number(),
  avg_response_time_ms: z.number(),
});

export function summariseProviders(snapshot: Snapshot): z.infer<typeof providersSummary> {
  const scores = (snapshot.samples.get('byom_provider_health_score') ?? []).map((s) => s.value);
  const healthy = scores.filter((score) => score > HEALTHY_ABOVE).length;
  const down = scores.filter((score) => score < DOWN_BELOW).length;
  const attempts = sumSamples(snapshot, 'byom_provider_requests_total');
  const failed = sumSamples(snapshot, 'byom_provider_requests_total', ({ outcome }) =>
    ['error', 'cut'].includes(String(outcome)),
  );
  const seconds = sumSamples(snapshot, 'gen_ai_client_operation_duration_seconds_sum');
  const count = sumSamples(snapshot, 'gen_ai_client_operation_duration_seconds_count');
  return {
    total_providers: scores.length,
    healthy_providers: healthy,
    degraded_providers: scores.length - healthy - down,
    down_providers: down,
    avg_health_score: divideToHundredths(
      sumSamples(snapshot, 'byom_provider_health_score'),
      scores.length,
    ),
    avg_error_rate: divideToHundredths(100 * failed, attempts),
    avg_response_time_ms: divideToHundredths(1_000 * seconds, count),
  };
}
