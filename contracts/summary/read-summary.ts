import { expect } from 'vitest';
import { z } from 'zod';
import type { RunningService } from '#contracts/testing/running-service.ts';

const number = z.number();
const nullable = z.number().nullable();

/** Exactly these fields, each a number: no "N/A", nothing besides. */
const PARTS = {
  http_summary: z.strictObject({
    total_requests: z.int(),
    request_rate_per_minute: z.int(),
    error_rate: number,
    avg_latency_ms: number,
    in_progress: z.int(),
  }),
  models_summary: z.strictObject({
    total_models: z.int().positive(),
    top_models: z.array(z.string()).length(3),
    model_requests_total: z.int(),
    avg_requests_per_model: number,
    total_inference_requests: z.int(),
    tokens_used_total: z.int(),
    cost_usd_total: number,
    avg_inference_latency_ms: number,
  }),
  providers_summary: z.strictObject({
    total_providers: z.int(),
    healthy_providers: z.int(),
    degraded_providers: z.int(),
    down_providers: z.int(),
    avg_health_score: number,
    avg_error_rate: number,
    avg_response_time_ms: number,
  }),
  database_summary: z.strictObject({
    total_queries: z.int(),
    avg_query_latency_ms: number,
    query_errors: z.int(),
    pool_in_use: z.int(),
    pool_size: z.int(),
  }),
  business_summary: z.strictObject({
    total_users: nullable,
    active_api_keys: nullable,
    active_credentials: nullable,
    agent_sessions: nullable,
    total_tokens_used: nullable,
    total_cost_usd: nullable,
  }),
};

const summarySchema = z.strictObject({
  epoch: z.int().positive(),
  ...PARTS,
  unavailable: z.record(z.enum(['business_summary']), z.string()).optional(),
});

export type Summary = z.infer<typeof summarySchema>;

/** A service that runs somewhere. */
interface Served {
  readonly service: { readonly url: string };
}

/** Asks for the summary, or with a query like "?category=http" for a part; gives what came. */
export async function askSummary(
  { service }: Served,
  query = '',
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${service.url}/prometheus/metrics/summary${query}`, {
    signal: AbortSignal.timeout(15_000),
  });
  return { status: response.status, body: await response.json() };
}

/** Reads the whole summary, which must have every field and no other. */
export async function readSummary(service: Served): Promise<Summary> {
  const { status, body } = await askSummary(service);
  expect(status).toBe(200);
  return summarySchema.parse(body);
}

/** The value of one series as the service exports it now; undefined when it is absent. */
export async function readSeries(
  { metrics }: RunningService,
  key: string,
): Promise<number | undefined> {
  const samples = [...(await metrics.read()).families.values()].flatMap((family) => family.samples);
  return samples.find((sample) => sample.key === key)?.value;
}
