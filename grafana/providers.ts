import { dashboard } from './dashboard.ts';
import { lines } from './panel.ts';

const SERVICE = 'job="$job", provider=~"$provider"';
const PICO = '1e12';

/** How each provider does, and what it costs. */
export const providersDashboard = dashboard({
  uid: 'byom-providers',
  title: 'BYOM providers and cost',
  description: 'Which provider answers, how quickly, and what does it cost?',
  tag: 'byom',
  shownBy: 'byom_build_info',
  choices: {
    provider: 'label_values(byom_provider_requests_total{job="$job"}, provider)',
    model: 'label_values(byom_provider_requests_total{job="$job", provider=~"$provider"}, model)',
  },
  rows: {
    Attempts: [
      lines({
        id: 1,
        title: 'Attempts by provider and outcome',
        description:
          'Calls to a provider that ended, each second. cut: the answer broke off; client_abort: our client left.',
        unit: 'reqps',
        queries: {
          '{{provider}} {{outcome}}': `sum by (provider, outcome) (
  rate(byom_provider_requests_total{${SERVICE}, model=~"$model"}[$__rate_interval])
)`,
        },
      }),
      lines({
        id: 2,
        title: 'Failures in 10 minutes',
        description:
          'Attempts that failed or broke off. Above the line, and without any success, nobody is served. Alert: ProviderWithoutSuccess.',
        unit: 'none',
        bad: { red: 5 },
        queries: {
          '{{provider}} failures': `sum by (job, provider) (increase(byom_provider_requests_total{${SERVICE}, outcome=~"error|cut"}[10m]))`,
          '{{provider}} successes': `sum by (job, provider) (increase(byom_provider_requests_total{${SERVICE}, outcome="success"}[10m]))`,
        },
      }),
      lines({
        id: 3,
        title: 'Time to first token, p95',
        description: 'One stream in twenty begins later. Alert: FirstTokenSlow.',
        unit: 's',
        bad: { red: 5 },
        queries: {
          '{{provider}}': `histogram_quantile(0.95, sum by (job, provider, le) (
  rate(gen_ai_server_time_to_first_token_seconds_bucket{${SERVICE}, model=~"$model"}[$__rate_interval])
))`,
        },
      }),
      lines({
        id: 4,
        title: 'Duration of an attempt, p95',
        description: 'From the call to the end of the answer; one attempt in twenty takes longer.',
        unit: 's',
        queries: {
          '{{model}}': `histogram_quantile(0.95, sum by (model, le) (
  rate(gen_ai_client_operation_duration_seconds_bucket{${SERVICE}, model=~"$model"}[$__rate_interval])
))`,
        },
      }),
      lines({
        id: 8,
        title: 'Retries and fallbacks',
        description:
          'Attempts more at the same provider, and calls that went to the key or the model of the system.',
        unit: 'ops',
        queries: {
          'retry {{provider}} {{reason}}': `sum by (provider, reason) (rate(byom_provider_retries_total{${SERVICE}}[$__rate_interval])) > 0`,
          'fallback {{from_provider}} {{reason}}': `sum by (from_provider, reason) (rate(byom_fallbacks_total{job="$job"}[$__rate_interval])) > 0`,
        },
      }),
      lines({
        id: 13,
        title: 'Calls by endpoint and outcome',
        description:
          'Calls of our clients that reached a provider and ended, whichever attempt it was, each second.',
        unit: 'reqps',
        queries: {
          '{{endpoint}} {{outcome}}': `sum by (endpoint, outcome) (rate(byom_inference_requests_total{job="$job"}[$__rate_interval]))`,
        },
      }),
      lines({
        id: 14,
        title: 'Health score',
        description:
          'Of 100 points, by the last 5 minutes: under 80 degraded, under 60 down. Set when somebody reads the summary.',
        unit: 'none',
        queries: { '{{provider}}': `min by (provider) (byom_provider_health_score{${SERVICE}})` },
      }),
      lines({
        id: 9,
        title: 'Answers from memory',
        description: 'Look-ups in the cache of answers, for users who want that.',
        unit: 'ops',
        queries: {
          '{{result}}': `sum by (result) (rate(byom_cache_lookups_total{job="$job"}[$__rate_interval]))`,
        },
      }),
    ],
    Cost: [
      lines({
        id: 5,
        title: 'Cost of the last 24 hours',
        description: 'USD, by the dated price table. Alert: CostBudget.',
        unit: 'currencyUSD',
        bad: { red: 100 },
        queries: {
          'last 24 hours': `sum by (job) (increase(byom_cost_pico_usd_total{job="$job"}[1d])) / ${PICO}`,
        },
      }),
      lines({
        id: 6,
        title: 'Cost against the day before',
        description:
          'USD of the last 24 hours, and twice those of the 24 hours before; under 10 USD nobody is told. Alert: CostTrend.',
        unit: 'currencyUSD',
        bad: { red: 10 },
        queries: {
          'last 24 hours': `sum by (job) (increase(byom_cost_pico_usd_total{job="$job"}[1d])) / ${PICO}`,
          'twice the day before': `2 * sum by (job) (increase(byom_cost_pico_usd_total{job="$job"}[1d] offset 1d)) / ${PICO}`,
        },
      }),
      lines({
        id: 7,
        title: 'Cost by model',
        description: 'USD an hour, at the rate of now.',
        unit: 'currencyUSD',
        queries: {
          '{{provider}} {{model}}': `sum by (provider, model) (
  rate(byom_cost_pico_usd_total{${SERVICE}, model=~"$model"}[$__rate_interval])
) * 3600 / ${PICO} > 0`,
        },
      }),
      lines({
        id: 10,
        title: 'Tokens by class',
        description: 'Billed tokens each second, in classes that exclude each other.',
        unit: 'ops',
        queries: {
          '{{class}}': `sum by (class) (rate(byom_tokens_total{${SERVICE}, model=~"$model"}[$__rate_interval]))`,
        },
      }),
      lines({
        id: 11,
        title: 'Images',
        description: 'Images that providers made, each second.',
        unit: 'ops',
        queries: {
          '{{provider}}': `sum by (provider) (rate(byom_images_total{${SERVICE}, model=~"$model"}[$__rate_interval]))`,
        },
      }),
      lines({
        id: 12,
        title: 'Provider keys asked about',
        description: 'Keys that a user let us check, by what the provider said.',
        unit: 'ops',
        queries: {
          '{{provider}} {{result}}': `sum by (provider, result) (rate(byom_credential_validations_total{${SERVICE}}[$__rate_interval]))`,
        },
      }),
    ],
  },
});
