import { dashboard } from './dashboard.ts';
import { lines, stat } from './panel.ts';

/** All panels look at the chosen instances of one job. */
const SERVICE = 'job="$job", instance=~"$instance"';
const NO_PROVIDER = 'route!~"/chat/completions|.*/messages|/images/generations|.*/validate"';

/** Rate, errors and duration by route; the database; the process. */
export const serviceDashboard = dashboard({
  uid: 'byom-service',
  title: 'BYOM service',
  description: 'Does the service answer, how quickly, and what does its process need?',
  tag: 'byom',
  shownBy: 'byom_build_info',
  choices: { instance: 'label_values(byom_build_info{job="$job"}, instance)' },
  rows: {
    State: [
      stat({
        id: 1,
        title: 'Instances that answer',
        description: '1 for each instance that Prometheus can scrape. Alert: ServiceDown.',
        unit: 'none',
        goodFrom: 1,
        queries: { '{{instance}}': `up{${SERVICE}}` },
      }),
      stat({
        id: 2,
        title: 'Production mode',
        description:
          '1 in production mode, 0 in test mode, which production must never run in. Alert: TestModeInProduction.',
        unit: 'none',
        goodFrom: 1,
        queries: { '{{instance}}': `byom_production{${SERVICE}}` },
      }),
      stat({
        id: 9,
        title: 'Age of the oldest master key',
        description:
          'Days since the oldest master key that still encrypts something was first used. Alert: MasterKeyOverdue.',
        unit: 'd',
        bad: { red: 90 },
        queries: {
          '{{instance}}': `(time() - byom_master_key_oldest_timestamp_seconds{${SERVICE}}) / 86400`,
        },
      }),
      stat({
        id: 10,
        title: 'Requests in progress',
        description: 'Requests whose answer or accounting has not ended.',
        unit: 'none',
        queries: { '{{instance}}': `http_requests_in_progress{${SERVICE}}` },
      }),
    ],
    Requests: [
      lines({
        id: 3,
        title: 'Server errors',
        description:
          'Share of the requests that ended with a 5xx status. 0.5 % are allowed over a month. Alerts: ErrorBudgetBurnFast, ErrorBudgetBurnSlow.',
        unit: 'percentunit',
        bad: { yellow: 0.03, red: 0.072 },
        queries: {
          errors: `sum by (job) (rate(http_requests_total{${SERVICE}, status=~"5.."}[$__rate_interval]))
  / sum by (job) (rate(http_requests_total{${SERVICE}}[$__rate_interval]))`,
        },
      }),
      lines({
        id: 4,
        title: 'Duration of requests that ask no provider, p95',
        description:
          'One request in twenty takes longer. Routes that wait for a provider are on the dashboard of providers. Alert: RequestLatencyHigh.',
        unit: 's',
        bad: { red: 0.5 },
        queries: {
          '{{route}}': `histogram_quantile(0.95, sum by (job, route, le) (
  rate(http_request_duration_seconds_bucket{${SERVICE}, ${NO_PROVIDER}}[$__rate_interval])
))`,
        },
      }),
      lines({
        id: 5,
        title: 'Requests by route and status',
        description: 'Requests that ended, each second. Status 499: the client left first.',
        unit: 'reqps',
        queries: {
          '{{method}} {{route}} {{status}}': `sum by (method, route, status) (
  rate(http_requests_total{${SERVICE}}[$__rate_interval])
) > 0`,
        },
      }),
      lines({
        id: 6,
        title: 'Requests that were refused by a limit',
        description: 'Refused before any provider was asked: requests a minute, or open streams.',
        unit: 'reqps',
        queries: {
          '{{limit}}': `sum by (limit) (rate(byom_limited_requests_total{${SERVICE}}[$__rate_interval]))`,
        },
      }),
    ],
    Database: [
      lines({
        id: 7,
        title: 'Database query duration, p95',
        description: 'One query in twenty takes longer, waiting for a connection included.',
        unit: 's',
        queries: {
          p95: `histogram_quantile(0.95, sum by (le) (
  rate(byom_database_query_duration_seconds_bucket{${SERVICE}}[$__rate_interval])
))`,
        },
      }),
      lines({
        id: 8,
        title: 'Database connections',
        description: 'Connections of the pools, in use and idle.',
        unit: 'none',
        queries: {
          '{{state}}': `sum by (state) (byom_database_pool_connections{${SERVICE}})`,
        },
      }),
      lines({
        id: 11,
        title: 'Database queries',
        description: 'Queries that ended, each second; error: also those that got no connection.',
        unit: 'ops',
        queries: {
          '{{outcome}}': `sum by (outcome) (rate(byom_database_queries_total{${SERVICE}}[$__rate_interval]))`,
        },
      }),
      lines({
        id: 12,
        title: 'User look-ups',
        description: 'Look-ups of a service key, answered by the cache or by the database.',
        unit: 'ops',
        queries: {
          '{{source}}': `sum by (source) (rate(byom_user_lookups_total{${SERVICE}}[$__rate_interval]))`,
        },
      }),
    ],
    Users: [
      stat({
        id: 15,
        title: 'Users and keys',
        description:
          'What the database holds: users, service keys that are let in, provider keys. Set when somebody reads the summary.',
        unit: 'none',
        queries: {
          users: `max(byom_users{${SERVICE}})`,
          'service keys': `max(byom_active_api_keys{${SERVICE}})`,
          'provider keys': `max(byom_active_credentials{${SERVICE}})`,
          'agent sessions': `max(byom_agent_sessions{${SERVICE}})`,
        },
      }),
      stat({
        id: 16,
        title: 'Credentials to rotate',
        description: 'Credentials that are not yet encrypted under the current master key.',
        unit: 'none',
        queries: { '{{instance}}': `byom_credentials_to_rotate{${SERVICE}}` },
      }),
      lines({
        id: 17,
        title: 'Changes of credentials',
        description:
          'By their users, each second; rotated: encrypted anew; unreadable: could not be decrypted.',
        unit: 'ops',
        queries: {
          '{{change}}': `sum by (change) (rate(byom_credential_changes_total{${SERVICE}}[$__rate_interval]))`,
          rotated: `sum(rate(byom_credentials_rotated_total{${SERVICE}}[$__rate_interval]))`,
          unreadable: `sum(rate(byom_credential_decrypt_failures_total{${SERVICE}}[$__rate_interval]))`,
        },
      }),
    ],
    Process: [
      lines({
        id: 13,
        title: 'Event loop lag, p99',
        description: 'How late the process comes to what is due. Over 100 ms it is out of CPU.',
        unit: 's',
        queries: { '{{instance}}': `nodejs_eventloop_lag_p99_seconds{${SERVICE}}` },
      }),
      lines({
        id: 14,
        title: 'Memory',
        description: 'Resident memory of the process.',
        unit: 'bytes',
        queries: { '{{instance}}': `process_resident_memory_bytes{${SERVICE}}` },
      }),
    ],
  },
});
