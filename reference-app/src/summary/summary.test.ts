import { describe, expect, test } from 'vitest';
import type { Sample, Snapshot } from '../metrics/snapshot.ts';
import { summariseBusiness } from './business-summary.ts';
import { summariseDatabase } from './database-summary.ts';
import { summariseHttp } from './http-summary.ts';
import { summariseModels } from './models-summary.ts';
import { summariseProviders } from './providers-summary.ts';
import { divideToHundredths } from './sum-samples.ts';

const IDLE: Snapshot = { epoch: 1, samples: new Map() };

function createSnapshot(samples: Readonly<Record<string, readonly Sample[]>>): Snapshot {
  return { epoch: 1, samples: new Map(Object.entries(samples)) };
}

const one = (value: number, labels: Sample['labels'] = {}): Sample => ({ labels, value });

describe('http summary', () => {
  test('is all zeros when idle', () => {
    expect(new Set(Object.values(summariseHttp(IDLE)))).toEqual(new Set([0]));
  });

  test('calls only 5xx an error, and nothing twice', () => {
    const snapshot = createSnapshot({
      http_requests_total: [
        one(4, { status: '200' }),
        one(1, { status: '499' }),
        one(1, { status: '500' }),
        one(1, { status: '404' }),
      ],
      http_request_duration_seconds_sum: [one(0.5), one(0.25)],
      http_request_duration_seconds_count: [one(4), one(3)],
      byom_http_request_rate_per_minute: [one(5)],
      http_requests_in_progress: [one(2)],
    });
    expect(summariseHttp(snapshot)).toEqual({
      total_requests: 7,
      request_rate_per_minute: 5,
      error_rate: 14.29,
      avg_latency_ms: 107.14,
      in_progress: 2,
    });
  });
});

describe('models summary', () => {
  const requests = (model: string, value: number): Sample => one(value, { model });

  test('names three models and otherwise only zeros when idle', () => {
    const snapshot = createSnapshot({
      byom_catalogue_models: [one(4)],
      byom_provider_requests_total: ['d', 'b', 'other', 'a', 'c'].map((model) =>
        requests(model, 0),
      ),
    });
    expect(summariseModels(snapshot)).toEqual({
      total_models: 4,
      top_models: ['a', 'b', 'c'],
      model_requests_total: 0,
      avg_requests_per_model: 0,
      total_inference_requests: 0,
      tokens_used_total: 0,
      cost_usd_total: 0,
      avg_inference_latency_ms: 0,
    });
  });

  test('ranks a model by its requests under all of its providers', () => {
    const snapshot = createSnapshot({
      byom_catalogue_models: [one(4)],
      byom_provider_requests_total: [
        one(2, { provider: 'openai', model: 'shared' }),
        one(2, { provider: 'azure', model: 'shared' }),
        one(3, { provider: 'openai', model: 'own' }),
        one(0, { provider: 'google', model: 'idle' }),
      ],
    });
    expect(summariseModels(snapshot).top_models).toEqual(['shared', 'own', 'idle']);
  });

  test('adds up every label set, and orders the models by requests, then by name', () => {
    const snapshot = createSnapshot({
      byom_catalogue_models: [one(3)],
      byom_provider_requests_total: [
        requests('a', 1),
        requests('b', 2),
        requests('c', 1),
        requests('c', 1),
        requests('other', 9),
        requests('d', 0),
      ],
      byom_inference_requests_total: [one(10), one(1)],
      byom_tokens_total: [one(100), one(23)],
      byom_cost_pico_usd_total: [one(1_500_000), one(500_000)],
      gen_ai_client_operation_duration_seconds_sum: [one(1.5)],
      gen_ai_client_operation_duration_seconds_count: [one(14)],
    });
    expect(summariseModels(snapshot)).toEqual({
      total_models: 3,
      top_models: ['b', 'c', 'a'],
      model_requests_total: 14,
      avg_requests_per_model: 4.67,
      total_inference_requests: 11,
      tokens_used_total: 123,
      cost_usd_total: 0.000002,
      avg_inference_latency_ms: 107.14,
    });
  });
});

describe('providers summary', () => {
  const score = (provider: string, value: number): Sample => one(value, { provider });

  test('calls above 80 healthy, below 60 down, and what is between degraded', () => {
    const snapshot = createSnapshot({
      byom_provider_health_score: [100, 81, 80, 60, 59, 0].map((value, index) =>
        score(`p${index}`, value),
      ),
    });
    expect(summariseProviders(snapshot)).toEqual({
      total_providers: 6,
      healthy_providers: 2,
      degraded_providers: 2,
      down_providers: 2,
      avg_health_score: 63.33,
      avg_error_rate: 0,
      avg_response_time_ms: 0,
    });
  });

  test('counts errors and cuts of all providers against all attempts, no client that left', () => {
    const snapshot = createSnapshot({
      byom_provider_requests_total: [
        one(4, { provider: 'a', outcome: 'success' }),
        one(1, { provider: 'a', outcome: 'cut' }),
        one(1, { provider: 'b', outcome: 'error' }),
        one(1, { provider: 'b', outcome: 'client_abort' }),
      ],
      gen_ai_client_operation_duration_seconds_sum: [one(0.5), one(0.25)],
      gen_ai_client_operation_duration_seconds_count: [one(5), one(2)],
    });
    expect(summariseProviders(snapshot)).toMatchObject({
      avg_error_rate: 28.57,
      avg_response_time_ms: 107.14,
    });
  });

  test('is all zeros without providers', () => {
    expect(new Set(Object.values(summariseProviders(IDLE)))).toEqual(new Set([0]));
  });
});

describe('database summary', () => {
  test('adds failed queries to the total, and idle connections to the size', () => {
    const snapshot = createSnapshot({
      byom_database_queries_total: [one(5, { outcome: 'success' }), one(2, { outcome: 'error' })],
      byom_database_query_duration_seconds_sum: [one(0.75)],
      byom_database_query_duration_seconds_count: [one(7)],
      byom_database_pool_connections: [one(3, { state: 'in_use' }), one(1, { state: 'idle' })],
    });
    expect(summariseDatabase(snapshot)).toEqual({
      total_queries: 7,
      avg_query_latency_ms: 107.14,
      query_errors: 2,
      pool_in_use: 3,
      pool_size: 4,
    });
  });

  test('is all zeros when idle', () => {
    expect(new Set(Object.values(summariseDatabase(IDLE)))).toEqual(new Set([0]));
  });
});

describe('business summary', () => {
  test('shows what the database said, cost in USD', () => {
    const snapshot = createSnapshot({
      byom_users: [one(3)],
      byom_active_api_keys: [one(2)],
      byom_active_credentials: [one(5)],
      byom_agent_sessions: [one(0)],
      byom_recorded_tokens: [one(1_234)],
      byom_recorded_cost_pico_usd: [one(2_500_000)],
    });
    expect(summariseBusiness(snapshot)).toEqual({
      total_users: 3,
      active_api_keys: 2,
      active_credentials: 5,
      agent_sessions: 0,
      total_tokens_used: 1_234,
      total_cost_usd: 0.000_002_5,
    });
  });

  test('knows nothing, which is not 0, when the database did not answer', () => {
    expect(new Set(Object.values(summariseBusiness(IDLE)))).toEqual(new Set([null]));
  });
});

describe('rounding', () => {
  test.for([
    [1, 3, 0.33],
    [2, 3, 0.67],
    [1, 8, 0.13],
    [100, 7, 14.29],
    [5, 0, 0],
    [0, 5, 0],
  ] as const)('of %d / %d gives %d', ([numerator, denominator, expected]) => {
    expect(divideToHundredths(numerator, denominator)).toBe(expected);
  });
});
