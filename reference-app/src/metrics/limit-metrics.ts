import type { Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

const LIMITS = ['rate', 'streams'] as const;
const CACHE_RESULTS = ['hit', 'miss'] as const;

/** What the service answered by itself, without a provider. */
export interface LimitMetrics {
  /** One request refused, because its user has used up one of the limits. */
  countLimited(limit: (typeof LIMITS)[number]): void;
  /** One call of a user whose answers are remembered. */
  countCacheLookup(result: (typeof CACHE_RESULTS)[number]): void;
}

export function createLimitMetrics(registry: Registry): LimitMetrics {
  const limited = createCounter(registry, {
    name: 'byom_limited_requests_total',
    help: 'Requests that the service refused because of its own limits.',
    labelNames: ['limit'],
  });
  const lookups = createCounter(registry, {
    name: 'byom_cache_lookups_total',
    help: 'Calls of users whose answers are remembered; a hit asks no provider and costs nothing.',
    labelNames: ['result'],
  });
  for (const limit of LIMITS) limited.add({ limit }, 0);
  for (const result of CACHE_RESULTS) lookups.add({ result }, 0);
  return {
    countLimited: (limit) => limited.add({ limit }, 1),
    countCacheLookup: (result) => lookups.add({ result }, 1),
  };
}
