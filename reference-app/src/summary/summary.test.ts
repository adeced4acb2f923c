import { describe, expect, test } from 'vitest';
import type { Sample, Snapshot } from '../metrics/snapshot.ts';
import { summariseHttp } from './http-summary.ts';
import { summariseModels } from './models-summary.ts';
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
