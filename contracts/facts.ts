import { attemptFacts } from '#contracts/attempts/facts.ts';
import { credentialFacts } from '#contracts/credentials/facts.ts';
import { httpFacts } from '#contracts/http/facts.ts';
import { inferenceFacts } from '#contracts/inference/facts.ts';
import { limitFacts } from '#contracts/limits/facts.ts';
import { summaryFacts } from '#contracts/summary/facts.ts';
import { type Fact, notAWitness } from '#harness/index.ts';
import * as wire from './wire.ts';

/**
 * Every quantity of the reference service with two to four witnesses. Metric names, fields and
 * columns are restated literally: this table must be able to contradict the service.
 */

const NO_SUCH_FIELD = notAWitness('The summary shows totals only.');
const CLOCKS_DIFFER = notAWitness(
  'A client measures its own clock; durations are compared by order, never by value.',
);
const ESTIMATES_ARE_NOT_SENT = notAWitness(
  'An estimate stands for tokens that the provider never reported on the wire.',
);

const provider: readonly Fact[] = [
  {
    name: 'provider_requests',
    says: 'Requests to providers by outcome and by who paid.',
    labels: ['provider', 'model', 'outcome', 'credential'],
    equality: 'integer',
    wire: wire.providerRequests,
    database: `select provider, model, outcome, credential, count(*) as value
      from usage_events group by 1, 2, 3, 4`,
    summary: NO_SUCH_FIELD,
    promql:
      'sum by (provider, model, outcome, credential) (byom_provider_requests_total{$service})',
  },
  {
    name: 'model_requests_total',
    says: 'All requests to providers.',
    labels: [],
    equality: 'integer',
    wire: wire.providerRequestsTotal,
    database: 'select count(*) as value from usage_events',
    summary: { path: 'models_summary.model_requests_total' },
    promql: 'sum(byom_provider_requests_total{$service})',
  },
  {
    name: 'avg_requests_per_model',
    says: 'Requests to providers per model of the catalogue, two decimals.',
    labels: [],
    equality: 'float64',
    wire: notAWitness('The catalogue is not on the wire.'),
    database: notAWitness('The catalogue is not in the database.'),
    summary: { path: 'models_summary.avg_requests_per_model' },
    promql:
      'round(sum(byom_provider_requests_total{$service}) / sum(byom_catalogue_models{$service}), 0.01)',
  },
  {
    name: 'total_models',
    says: 'Models of the catalogue by provider; each has a series from the start.',
    labels: [],
    equality: 'integer',
    wire: notAWitness('The catalogue is not on the wire.'),
    database: notAWitness('The catalogue is not in the database.'),
    summary: { path: 'models_summary.total_models' },
    promql:
      'count(count by (provider, model) (byom_provider_requests_total{$service,model!="other"}))',
  },
  {
    name: 'top_models',
    says: 'The three models asked for most under any provider, ties by name; idle models fill the list up.',
    labels: [],
    equality: 'text',
    wire: wire.topModels,
    // Fewer than three models in the rows say nothing about who fills the list up.
    database: `select string_agg(model, ', ' order by requests desc, model) as value from
      (select model, count(*) as requests from usage_events where model <> 'other'
       group by 1 order by 2 desc, 1 limit 3) as ranked having count(*) = 3`,
    summary: { path: 'models_summary.top_models' },
    promql: {
      query: 'sum by (model) (byom_provider_requests_total{$service,model!="other"})',
      label: 'model',
      first: 3,
    },
  },
  {
    name: 'avg_inference_latency_ms',
    says: 'Mean duration of requests to providers in milliseconds, two decimals.',
    labels: [],
    equality: 'float64',
    wire: CLOCKS_DIFFER,
    database: `select coalesce(floor(1000 * sum(duration_seconds) / count(*) * 100 + 0.5) / 100, 0)
      as value from usage_events`,
    summary: { path: 'models_summary.avg_inference_latency_ms' },
    promql: `round(1000 * sum(gen_ai_client_operation_duration_seconds_sum{$service})
      / clamp_min(sum(gen_ai_client_operation_duration_seconds_count{$service}), 1), 0.01)`,
  },
  {
    name: 'provider_durations',
    says: 'Requests to providers that took at most le seconds: what percentiles are read from.',
    labels: ['le'],
    equality: 'integer',
    wire: CLOCKS_DIFFER,
    database: `select le, count(duration_seconds) as value
      from unnest('{0.01,0.02,0.04,0.08,0.16,0.32,0.64,1.28,2.56,5.12,10.24,20.48,40.96,81.92,+Inf}'::text[]) as le
      left join usage_events on duration_seconds <= le::double precision group by 1`,
    summary: NO_SUCH_FIELD,
    promql: 'sum by (le) (gen_ai_client_operation_duration_seconds_bucket{$service})',
  },
];

const tokens: readonly Fact[] = [
  {
    name: 'images',
    says: 'Images that providers made.',
    labels: ['provider', 'model'],
    equality: 'integer',
    wire: wire.images,
    database: `select provider, model, sum(images) as value
      from usage_events group by 1, 2`,
    summary: NO_SUCH_FIELD,
    promql: 'sum by (provider, model) (byom_images_total{$service})',
  },
  {
    name: 'reported_tokens',
    says: 'Tokens that providers reported, by mutually exclusive class.',
    labels: ['provider', 'model', 'class'],
    equality: 'integer',
    wire: wire.reportedTokens,
    database: tokensByClass('provider'),
    summary: NO_SUCH_FIELD,
    promql: 'sum by (provider, model, class) (byom_tokens_total{$service,source="provider"})',
  },
  {
    name: 'estimated_tokens',
    says: 'Tokens that the service estimated because the provider did not report them.',
    labels: ['provider', 'model', 'class'],
    equality: 'integer',
    wire: ESTIMATES_ARE_NOT_SENT,
    database: tokensByClass('estimate'),
    summary: NO_SUCH_FIELD,
    promql: 'sum by (provider, model, class) (byom_tokens_total{$service,source="estimate"})',
  },
  {
    name: 'output_tokens',
    says: 'Output tokens from any source: delivered ≤ recorded ≤ sent, equal at a barrier.',
    labels: ['provider', 'model'],
    equality: 'integer',
    wire: wire.outputTokens,
    database: `select provider, model, sum(output_tokens) as value
      from usage_events group by 1, 2`,
    summary: NO_SUCH_FIELD,
    promql: 'sum by (provider, model) (byom_tokens_total{$service,class="output"})',
  },
  {
    name: 'tokens_used_total',
    says: 'Tokens of every class and source.',
    labels: [],
    equality: 'integer',
    wire: ESTIMATES_ARE_NOT_SENT,
    database: `select coalesce(sum(input_tokens + cached_input_tokens + cache_write_tokens
      + output_tokens + reasoning_tokens), 0) as value from usage_events`,
    summary: { path: 'models_summary.tokens_used_total' },
    promql: 'sum(byom_tokens_total{$service})',
  },
];

const money: readonly Fact[] = [
  {
    name: 'reported_cost_pico_usd',
    says: 'Cost of the tokens that providers reported, in pico-USD.',
    labels: ['provider', 'model'],
    equality: 'integer',
    wire: wire.reportedCost,
    database: costBySource('provider'),
    summary: NO_SUCH_FIELD,
    promql: 'sum by (provider, model) (byom_cost_pico_usd_total{$service,source="provider"})',
  },
  {
    name: 'estimated_cost_pico_usd',
    says: 'Cost of estimated tokens, in pico-USD.',
    labels: ['provider', 'model'],
    equality: 'integer',
    wire: ESTIMATES_ARE_NOT_SENT,
    database: costBySource('estimate'),
    summary: NO_SUCH_FIELD,
    promql: 'sum by (provider, model) (byom_cost_pico_usd_total{$service,source="estimate"})',
  },
  {
    name: 'cost_total_pico_usd',
    says: 'All cost; the summary shows it in USD.',
    labels: [],
    equality: 'integer',
    wire: ESTIMATES_ARE_NOT_SENT,
    database: 'select coalesce(sum(cost_pico_usd), 0) as value from usage_events',
    summary: { path: 'models_summary.cost_usd_total', scale: 1e12 },
    promql: 'sum(byom_cost_pico_usd_total{$service})',
  },
];

export const facts: readonly Fact[] = [
  ...provider,
  ...tokens,
  ...money,
  ...inferenceFacts,
  ...attemptFacts,
  ...limitFacts,
  ...httpFacts,
  ...credentialFacts,
  ...summaryFacts,
];

function tokensByClass(source: 'provider' | 'estimate'): string {
  return `select provider, model, class, sum(tokens) as value from usage_events
    cross join lateral (values ('input', input_tokens), ('cached_input', cached_input_tokens),
      ('cache_write', cache_write_tokens), ('output', output_tokens),
      ('reasoning', reasoning_tokens)) as counted(class, tokens)
    where source = '${source}' group by 1, 2, 3`;
}

function costBySource(source: 'provider' | 'estimate'): string {
  return `select provider, model, sum(cost_pico_usd) as value from usage_events
    where source = '${source}' group by 1, 2`;
}
