import { type Fact, notAWitness } from '#harness/index.ts';
import * as wire from './wire.ts';

const NO_SUCH_FIELD = notAWitness('The summary shows how many providers are healthy, not which.');
const NOT_ON_THE_WIRE = notAWitness('Only providers that were called are on the wire.');
const NOT_IN_THE_ROWS = notAWitness('The rows do not say when the summary was read.');
const DATABASE_IS_NOT_OBSERVED = notAWitness('The harness does not see what is said to Postgres.');
const STORED = notAWitness('What is stored is not on the wire.');

const score = 'byom_provider_health_score{$service}';

/** How the providers did. */
const providers: readonly Fact[] = [
  {
    name: 'provider_health_points_lost',
    says: 'Points of 100 that a provider lost by failing in the last five minutes.',
    labels: ['provider'],
    equality: 'integer',
    toldByEach: true,
    wire: wire.healthPointsLost,
    database: NOT_IN_THE_ROWS,
    summary: NO_SUCH_FIELD,
    promql: `100 - sum by (provider) (${score})`,
  },
  {
    name: 'total_providers',
    says: 'Providers of which users may store keys; each has a score.',
    labels: [],
    equality: 'integer',
    wire: NOT_ON_THE_WIRE,
    database: notAWitness('The list of providers is not in the database.'),
    summary: { path: 'providers_summary.total_providers' },
    promql: 'count(count by (provider) (byom_credential_changes_total{$service}))',
  },
  scoredProviders('healthy', `sum(${score} > bool 80)`),
  scoredProviders('degraded', `sum((${score} >= bool 60) * (${score} <= bool 80))`),
  scoredProviders('down', `sum(${score} < bool 60)`),
  {
    name: 'avg_health_score',
    says: 'Mean score of all providers, two decimals.',
    labels: [],
    equality: 'float64',
    wire: NOT_ON_THE_WIRE,
    database: NOT_IN_THE_ROWS,
    summary: { path: 'providers_summary.avg_health_score' },
    promql: `round(sum(${score}) / count(${score}), 0.01)`,
  },
  {
    name: 'avg_error_rate',
    says: 'Percent of requests to providers that ended in an error or broke off, two decimals.',
    labels: [],
    equality: 'float64',
    wire: wire.providerErrorRate,
    database: `select coalesce(floor(100 * 100.0 * count(*) filter (where outcome in ('error', 'cut'))
      / nullif(count(*), 0) + 0.5) / 100, 0) as value from usage_events`,
    summary: { path: 'providers_summary.avg_error_rate' },
    promql: `round(100 * sum(byom_provider_requests_total{$service,outcome=~"error|cut"})
      / clamp_min(sum(byom_provider_requests_total{$service}), 1), 0.01)`,
  },
  {
    name: 'avg_response_time_ms',
    says: 'Mean time from asking a provider to the end of its answer, milliseconds, two decimals.',
    labels: [],
    equality: 'float64',
    wire: notAWitness('Durations are compared by order, never by value: clocks differ.'),
    database: `select coalesce(floor(1000 * sum(duration_seconds) / nullif(count(*), 0) * 100 + 0.5)
      / 100, 0) as value from usage_events`,
    summary: { path: 'providers_summary.avg_response_time_ms' },
    promql: `round(1000 * sum(gen_ai_client_operation_duration_seconds_sum{$service})
      / clamp_min(sum(gen_ai_client_operation_duration_seconds_count{$service}), 1), 0.01)`,
  },
];

/** How the service and its database get on. */
const database: readonly Fact[] = [
  {
    name: 'database_queries',
    says: 'Queries that ended, without those of /health and the summary: rows may share one.',
    labels: [],
    equality: 'integer',
    wire: wire.databaseQueries,
    database: DATABASE_IS_NOT_OBSERVED,
    summary: { path: 'database_summary.total_queries' },
    promql: 'sum(byom_database_queries_total{$service})',
  },
  {
    name: 'database_query_errors',
    says: 'Queries that failed, or for which no connection could be had.',
    labels: [],
    equality: 'integer',
    wire: DATABASE_IS_NOT_OBSERVED,
    database: DATABASE_IS_NOT_OBSERVED,
    summary: { path: 'database_summary.query_errors' },
    promql: 'sum(byom_database_queries_total{$service,outcome="error"})',
  },
  {
    name: 'database_avg_query_latency_ms',
    says: 'Mean duration of queries in milliseconds, two decimals.',
    labels: [],
    equality: 'float64',
    wire: DATABASE_IS_NOT_OBSERVED,
    database: DATABASE_IS_NOT_OBSERVED,
    summary: { path: 'database_summary.avg_query_latency_ms' },
    promql: `round(1000 * sum(byom_database_query_duration_seconds_sum{$service})
      / clamp_min(sum(byom_database_query_duration_seconds_count{$service}), 1), 0.01)`,
  },
  {
    name: 'database_pool_in_use',
    says: 'Connections that are doing something or are in a transaction.',
    labels: [],
    equality: 'integer',
    wire: DATABASE_IS_NOT_OBSERVED,
    database: `select count(*) filter (where state <> 'idle') as value ${connections()}`,
    summary: { path: 'database_summary.pool_in_use' },
    promql: 'sum(byom_database_pool_connections{$service,state="in_use"})',
  },
  {
    name: 'database_pool_size',
    says: 'Connections that the service keeps open to its database.',
    labels: [],
    equality: 'integer',
    wire: DATABASE_IS_NOT_OBSERVED,
    database: `select count(*) as value ${connections()}`,
    summary: { path: 'database_summary.pool_size' },
    promql: 'sum(byom_database_pool_connections{$service})',
  },
];

/** What is stored: of all instances, since the beginning, so also the rows of earlier processes. */
const business: readonly Fact[] = [
  stored('total_users', 'Stored users.', {
    sql: 'select count(*) as value from users',
    metric: 'byom_users',
  }),
  stored('active_api_keys', 'Service keys that are let in: each user has one.', {
    sql: 'select count(distinct api_key_hash) as value from users',
    metric: 'byom_active_api_keys',
  }),
  stored('active_credentials', 'Stored provider keys that are not deleted.', {
    sql: 'select count(*) as value from public.credentials where deleted_at is null',
    metric: 'byom_active_credentials',
  }),
  stored('agent_sessions', 'Stored agent sessions.', {
    sql: 'select count(*) as value from agent_sessions',
    metric: 'byom_agent_sessions',
  }),
  stored('total_tokens_used', 'Tokens of all rows, of every class and source.', {
    sql: `select coalesce(sum(input_tokens + cached_input_tokens + cache_write_tokens
      + output_tokens + reasoning_tokens), 0) as value from public.usage_events`,
    metric: 'byom_recorded_tokens',
  }),
  {
    ...stored('total_cost_usd', 'Cost of all rows in pico-USD; the summary shows it in USD.', {
      sql: 'select coalesce(sum(cost_pico_usd), 0) as value from public.usage_events',
      metric: 'byom_recorded_cost_pico_usd',
    }),
    summary: { path: 'business_summary.total_cost_usd', scale: 1e12 },
  },
];

export const summaryFacts: readonly Fact[] = [...providers, ...database, ...business];

function scoredProviders(health: 'healthy' | 'degraded' | 'down', promql: string): Fact {
  return {
    name: `${health}_providers`,
    says: `Providers that are ${health} by their score: above 80, 60 to 80, or below 60.`,
    labels: [],
    equality: 'integer',
    wire: NOT_ON_THE_WIRE,
    database: NOT_IN_THE_ROWS,
    summary: { path: `providers_summary.${health}_providers` },
    promql,
  };
}

/** The service's own connections, as Postgres sees them. */
function connections(): string {
  return `from pg_stat_activity
    where datname = current_database() and application_name = 'byom-reference'`;
}

function stored(
  field: string,
  says: string,
  { sql, metric }: { sql: string; metric: string },
): Fact {
  return {
    name: `business_${field}`,
    says,
    labels: [],
    equality: 'integer',
    toldByEach: true,
    wire: STORED,
    database: sql,
    summary: { path: `business_summary.${field}` },
    promql: `sum(${metric}{$service})`,
  };
}
