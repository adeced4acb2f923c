import type { WireEvidence, WireRow } from '#harness/index.ts';

/**
 * Answers 429 for which no provider was called, so that they are the service's own. Only the limit
 * of requests says when to come again: a stream may end at any time.
 */
export function limitedRequests({ serviceCalls, providerCalls }: WireEvidence): WireRow[] {
  const causes = new Set(providerCalls.map(({ cause }) => cause));
  return serviceCalls
    .filter((call) => call.status === 429 && !causes.has(call))
    .map(({ headers }) => ({
      labels: { limit: 'retry-after' in headers ? 'rate' : 'streams' },
      value: 1,
    }));
}
