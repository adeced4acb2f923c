import { type Fact, notAWitness } from '#harness/index.ts';
import * as wire from './wire.ts';

const NO_SUCH_FIELD = notAWitness('The summary shows totals only.');

/** What clients asked of models, whichever providers it took. */
export const inferenceFacts: readonly Fact[] = [
  {
    name: 'inference_requests',
    says: 'Inference calls that reached a provider, by endpoint and by how they ended.',
    labels: ['endpoint', 'outcome'],
    equality: 'integer',
    wire: wire.inferenceRequests,
    // To the client a stream that was cut is an error like any other.
    database: `select endpoint, case outcome when 'cut' then 'error' else outcome end as outcome,
        count(*) as value
      from (select distinct on (inference_id) endpoint, outcome from usage_events
        order by inference_id, attempt desc) as last_attempt
      group by 1, 2`,
    summary: NO_SUCH_FIELD,
    promql: 'sum by (endpoint, outcome) (byom_inference_requests_total{$service})',
  },
  {
    name: 'total_inference_requests',
    says: 'Inference calls that reached a provider; one may cause several requests to providers.',
    labels: [],
    equality: 'integer',
    wire: wire.inferenceRequestsTotal,
    database: 'select count(distinct inference_id) as value from usage_events',
    summary: { path: 'models_summary.total_inference_requests' },
    promql: 'sum(byom_inference_requests_total{$service})',
  },
  {
    name: 'usage_reports',
    says: 'Attempts whose provider reported tokens, once for each side of the model.',
    labels: ['provider', 'model', 'token_type'],
    equality: 'integer',
    wire: wire.usageReports,
    database: observedUsage('count(*)'),
    summary: NO_SUCH_FIELD,
    promql: 'sum by (provider, model, token_type) (gen_ai_client_token_usage_count{$service})',
  },
  {
    name: 'usage_reported',
    says: 'The tokens that they reported, with what was cached as input and reasoning as output.',
    labels: ['provider', 'model', 'token_type'],
    equality: 'integer',
    wire: wire.usageReported,
    database: observedUsage('sum(tokens)'),
    summary: NO_SUCH_FIELD,
    promql: 'sum by (provider, model, token_type) (gen_ai_client_token_usage_sum{$service})',
  },
  {
    name: 'first_tokens',
    says: 'Streams whose first content arrived, so that its time was measured.',
    labels: ['provider', 'model'],
    equality: 'integer',
    wire: wire.firstTokens,
    database: notAWitness('The rows do not keep when the first token came.'),
    summary: NO_SUCH_FIELD,
    promql: 'sum by (provider, model) (gen_ai_server_time_to_first_token_seconds_count{$service})',
  },
  {
    name: 'cache_lookups',
    says: 'Calls of users whose answers are remembered: a hit asks no provider and leaves no row.',
    labels: ['result'],
    equality: 'integer',
    wire: wire.cacheLookups,
    database: notAWitness('A row does not say that the answer was looked for first.'),
    summary: notAWitness('The summary says nothing of remembered answers.'),
    promql: 'sum by (result) (byom_cache_lookups_total{$service})',
  },
];

/** Of what providers reported; images that are billed one by one are no tokens. */
function observedUsage(value: 'count(*)' | 'sum(tokens)'): string {
  return `select provider, model, token_type, ${value} as value from usage_events
    cross join lateral (values
      ('input', input_tokens + cached_input_tokens + cache_write_tokens),
      ('output', output_tokens + reasoning_tokens)) as reported(token_type, tokens)
    where source = 'provider' and (images = 0 or input_tokens + cached_input_tokens
      + cache_write_tokens + output_tokens + reasoning_tokens > 0)
    group by 1, 2, 3`;
}
