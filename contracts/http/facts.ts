import * as wire from '#contracts/wire.ts';
import { type Fact, notAWitness } from '#harness/index.ts';

const HTTP_HAS_NO_ROWS = notAWitness('The service stores usage, not HTTP requests.');
const NO_SUCH_FIELD = notAWitness('The summary shows totals only.');
const CLOCKS_DIFFER = notAWitness(
  'A client measures its own clock; durations are compared by order, never by value.',
);

/** What clients asked of the service, whatever it then asked of providers. */
export const httpFacts: readonly Fact[] = [
  {
    name: 'http_requests',
    says: 'HTTP requests by route and status; 499 when the client left before the end.',
    labels: ['method', 'route', 'status'],
    equality: 'integer',
    wire: wire.httpRequests,
    database: HTTP_HAS_NO_ROWS,
    summary: NO_SUCH_FIELD,
    promql: 'sum by (method, route, status) (http_requests_total{$service})',
  },
  {
    name: 'http_total_requests',
    says: 'All HTTP requests but those for /metrics, /health and the summary.',
    labels: [],
    equality: 'integer',
    wire: wire.httpRequestsTotal,
    database: HTTP_HAS_NO_ROWS,
    summary: { path: 'http_summary.total_requests' },
    promql: 'sum(http_requests_total{$service})',
  },
  {
    name: 'http_requests_last_minute',
    says: 'HTTP requests that ended in the minute before the fence.',
    labels: [],
    equality: 'integer',
    window: { ms: 60_000, quietMs: 2_000 },
    wire: wire.httpRequestsLastMinute,
    database: HTTP_HAS_NO_ROWS,
    summary: { path: 'http_summary.request_rate_per_minute' },
    // A scrape at the edge may have failed; those of the quiet time before it tell the same.
    promql: `sum(http_requests_total{$service})
      - (sum(last_over_time(http_requests_total{$service}[2s] offset 1m)) or vector(0))`,
  },
  {
    name: 'http_request_rate',
    says: 'The same number as the service shows it in a gauge.',
    labels: [],
    equality: 'integer',
    wire: notAWitness('What the wire says of that minute, http_requests_last_minute compares.'),
    database: HTTP_HAS_NO_ROWS,
    summary: { path: 'http_summary.request_rate_per_minute' },
    promql: 'sum(byom_http_request_rate_per_minute{$service})',
  },
  {
    name: 'http_error_rate_percent',
    says: 'Percent of requests answered 5xx, two decimals.',
    labels: [],
    equality: 'float64',
    wire: wire.httpErrorRate,
    database: HTTP_HAS_NO_ROWS,
    summary: { path: 'http_summary.error_rate' },
    promql: `round(100 * (sum(http_requests_total{$service,status=~"5.."}) or vector(0))
      / clamp_min(sum(http_requests_total{$service}), 1), 0.01)`,
  },
  {
    name: 'http_avg_latency_ms',
    says: 'Mean duration of HTTP requests in milliseconds, two decimals.',
    labels: [],
    equality: 'float64',
    wire: CLOCKS_DIFFER,
    database: HTTP_HAS_NO_ROWS,
    summary: { path: 'http_summary.avg_latency_ms' },
    promql: `round(1000 * sum(http_request_duration_seconds_sum{$service})
      / clamp_min(sum(http_request_duration_seconds_count{$service}), 1), 0.01)`,
  },
  {
    name: 'http_request_durations',
    says: 'HTTP requests whose duration was measured, by route.',
    labels: ['method', 'route'],
    equality: 'integer',
    wire: wire.httpDurations,
    database: HTTP_HAS_NO_ROWS,
    summary: NO_SUCH_FIELD,
    promql: 'sum by (method, route) (http_request_duration_seconds_count{$service})',
  },
  {
    name: 'user_lookups',
    says: 'Service keys looked up, in the database or among those remembered: one a request.',
    labels: [],
    equality: 'integer',
    wire: wire.httpRequestsTotal,
    database: notAWitness('A look-up leaves no row.'),
    summary: NO_SUCH_FIELD,
    promql: 'sum(byom_user_lookups_total{$service})',
  },
  {
    name: 'http_in_progress',
    says: 'HTTP requests being answered at the fence.',
    labels: [],
    equality: 'integer',
    wire: wire.httpInProgress,
    database: HTTP_HAS_NO_ROWS,
    summary: { path: 'http_summary.in_progress' },
    promql: 'sum(http_requests_in_progress{$service})',
  },
];
