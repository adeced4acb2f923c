import { z } from 'zod';
import type { Snapshot } from '../metrics/snapshot.ts';
import { divideToHundredths, sumSamples } from './sum-samples.ts';

const PICO_USD_PER_USD = 1e12;
const TOP_MODELS = 3;

/** What was asked of the models, and what it cost. */
export const modelsSummary = z.object({
  total_models: z.int(),
  top_models: z.array(z.string()),
  model_requests_total: z.int(),
  avg_requests_per_model: z.number(),
  total_inference_requests: z.int(),
  tokens_used_total: z.int(),
  cost_usd_total: z.number(),
  avg_inference_latency_ms: z.number(),
});

/** The models asked most often, ties by name. "other" is no model's name and is left out. */
function listTopModels({ samples }: Snapshot): string[] {
  const requests = new Map<string, number>();
  for (const { labels, value } of samples.get('byom_provider_requests_total') ?? []) {
    const model = String(labels['model']);
    if (model !== 'other') requests.set(model, (requests.get(model) ?? 0) + value);
  }
  return [...requests]
    .sort(([leftName, left], [rightName, right]) => right - left || (leftName < rightName ? -1 : 1))
    .slice(0, TOP_MODELS)
    .map(([name]) => name);
}

export function summariseModels(snapshot: Snapshot): z.infer<typeof modelsSummary> {
  const models = sumSamples(snapshot, 'byom_catalogue_models');
  const attempts = sumSamples(snapshot, 'byom_provider_requests_total');
  const seconds = sumSamples(snapshot, 'gen_ai_client_operation_duration_seconds_sum');
  const count = sumSamples(snapshot, 'gen_ai_client_operation_duration_seconds_count');
  return {
    total_models: models,
    top_models: listTopModels(snapshot),
    model_requests_total: attempts,
    avg_requests_per_model: divideToHundredths(attempts, models),
    total_inference_requests: sumSamples(snapshot, 'byom_inference_requests_total'),
    tokens_used_total: sumSamples(snapshot, 'byom_tokens_total'),
    cost_usd_total: sumSamples(snapshot, 'byom_cost_pico_usd_total') / PICO_USD_PER_USD,
    avg_inference_latency_ms: divideToHundredths(1_000 * seconds, count),
  };
}
