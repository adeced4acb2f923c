import { type Fact, notAWitness } from '#harness/index.ts';
import * as wire from './wire.ts';

/** What the service refused by itself. */
export const limitFacts: readonly Fact[] = [
  {
    name: 'limited_requests',
    says: 'Requests that the service refused because of its own limits: no provider is to blame.',
    labels: ['limit'],
    equality: 'integer',
    wire: wire.limitedRequests,
    database: notAWitness('What no provider was asked for leaves no row.'),
    summary: notAWitness('The summary says nothing of limits.'),
    promql: 'sum by (limit) (byom_limited_requests_total{$service})',
  },
];
