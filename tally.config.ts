import { facts } from '#contracts/facts.ts';
import { scenarios } from '#contracts/scenarios.ts';
import { defineConfig } from '#harness/index.ts';

const COMMON = {
  LOG_LEVEL: 'info',
  PRICES_FILE: 'fixtures/prices/catalogue.json',
  // What a fallback to another provider asks for.
  SYSTEM_DEFAULT_MODEL: 'gpt-4o-mini',
  // As many as one scenario holds, so that one more is too many.
  STREAMS_PER_USER: '6',
  // Master keys for databases that live as long as one run: the current one, and an older one.
  MASTER_KEYS: `${masterKey('v1', 'tally')},${masterKey('v0', 'before')}`,
};

const PROM_CLIENT = 'a gauge that prom-client itself names so';

function masterKey(version: string, text: string): string {
  return `${version}:${Buffer.alloc(32, text).toString('base64')}`;
}

/** The one file that knows both sides: the harness and the reference service. */
export default defineConfig({
  service: {
    name: 'reference-app',
    command: ['node', 'reference-app/src/server.ts'],
    // With the image of Node that NODE_IMAGE names, if it is set.
    buildImage: ['docker', 'build', '--quiet', '--build-arg', 'NODE_IMAGE', '.'],
    environment: ({ mode, host, port, databaseUrl, providers }) => ({
      ...COMMON,
      APP_ENV: mode,
      HOST: host,
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      OPENAI_BASE_URL: providers.openai.baseUrl,
      OPENAI_API_KEY: providers.openai.systemKey,
      GOOGLE_BASE_URL: providers.google.baseUrl,
      GOOGLE_API_KEY: providers.google.systemKey,
      ANTHROPIC_BASE_URL: providers.anthropic.baseUrl,
      ANTHROPIC_API_KEY: providers.anthropic.systemKey,
      AZURE_OPENAI_BASE_URL: providers.azure.baseUrl,
      AZURE_OPENAI_API_KEY: providers.azure.systemKey,
    }),
    database: {
      migrate: [['node', 'reference-app/src/migrate.ts']],
      seed: ['node', 'contracts/credentials/seed.ts'],
      events: { usage_events: 'id', credentials: 'id' },
      rows: {
        usage_events: `select users.name as user, endpoint, provider, model, model_requested,
          model_served, credential, outcome, is_stream, provider_status, input_tokens,
          cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, source,
          cost_pico_usd, attempt, fallback_reason, images
          from usage_events join users on users.id = usage_events.user_id`,
      },
    },
    authorization: (serviceKey) => ({ authorization: `Bearer ${serviceKey}` }),
    readyPath: '/health',
    readyTimeoutMs: 60_000,
    metricsPath: '/metrics',
    summaryPath: '/prometheus/metrics/summary',
    epoch: { metric: 'byom_snapshot_epoch', field: 'epoch' },
    productionMetric: 'byom_production',
    inFlightMetrics: ['http_requests_in_progress'],
    durationMetrics: {
      operation: 'gen_ai_client_operation_duration_seconds',
      firstToken: 'gen_ai_server_time_to_first_token_seconds',
    },
    decayingMetrics: [
      // Set when the summary is read, and only then.
      'byom_snapshot_epoch',
      'byom_http_request_rate_per_minute',
      'byom_provider_health_score',
      'byom_users',
      'byom_active_*',
      'byom_agent_sessions',
      'byom_recorded_*',
      // Jobs on a schedule ask the database too, and encrypt keys anew that are under an old one.
      'byom_database_*',
      'byom_credentials_*',
      'byom_master_key_*',
    ],
    volatileFields: [
      'id',
      'request_id',
      'created',
      'created_at',
      'updated_at',
      'system_fingerprint',
      'obfuscation',
    ],
  },
  scenarios,
  facts,
  withoutFact: {
    'process_*': 'of the runtime',
    'nodejs_*': 'of the runtime',
    byom_build_info: 'no amount: it tells which build runs',
    byom_production: 'no amount: it tells the mode',
    byom_snapshot_epoch: 'the fence at which all facts are read',
  },
  cassettes: 'fixtures/cassettes',
  prices: 'fixtures/prices/catalogue.json',
  alerts: {
    rules: 'prometheus/rules',
    tests: 'prometheus/tests',
    firing: {
      prometheus: 'prometheus/prometheus.yml',
      alertmanager: 'prometheus/alertmanager.yml',
    },
  },
  dashboards: {
    folder: 'grafana/dashboards',
    provisioning: 'grafana/provisioning',
    empty: {
      'byom-providers/6/B': 'a run of minutes has no day before',
      'tally-test-run/1/A': 'unknown until the end of the run',
      'tally-test-run/6/B': 'unknown until the end of the run',
      'tally-test-run/8/A': 'unknown until the suite has run',
      'tally-test-run/11/A': 'unknown until the suite has run',
    },
    notShown: {
      'process_*': 'of the runtime; memory is shown',
      'nodejs_*': 'of the runtime; the lag of the event loop is shown',
      'scrape_*': 'of Prometheus itself',
      byom_build_info: 'the variables of the dashboards read it',
      byom_catalogue_models: 'changes with a release only',
      byom_http_request_rate_per_minute:
        'of the summary; the panel of requests has the rate of any time',
      byom_snapshot_epoch: 'for Tally: which reading of the summary a scrape shows',
      byom_recorded_tokens: 'of the summary; the panels have what each process counted',
      byom_recorded_cost_pico_usd: 'of the summary; the panels have what each process counted',
      gen_ai_client_token_usage:
        'the same tokens as byom_tokens_total, for tools that know OpenTelemetry',
    },
  },
  observability: {
    metricFamilies: {
      // Three move with the rotation of master keys only, in tests that are slow.
      percent: 88,
      except: {
        http_requests_in_progress:
          'a movement begins and ends at rest, where it is 0; a fact reads it while calls are held',
        byom_production: 'changes with a restart in the other mode only; summary/ compares both',
        byom_build_info: 'changes with a release only',
        byom_catalogue_models: 'changes with a release only',
      },
    },
    labelValues: {
      percent: 98,
      // Which model it is makes no difference to how it is counted.
      open: ['model'],
      per: ['provider'],
      except: {
        'byom_images_total{provider="anthropic"}': 'Anthropic makes no images',
        'byom_images_total{provider="azure"}': 'the service asks OpenAI and Google for images only',
        'byom_tokens_total{class="cache_write",provider="google"}':
          'Google reports no tokens written to a cache',
        'byom_provider_retries_total{*reason="invalid_key"}':
          'no provider asks to try a bad key again',
      },
    },
    shownFamilies: { percent: 100 },
    testedAlerts: { percent: 100 },
    firedAlerts: { percent: 100 },
    summaryFields: { percent: 100 },
  },
  exposition: {
    allowed: {
      nodejs_active_handles_total: PROM_CLIENT,
      nodejs_active_requests_total: PROM_CLIENT,
      nodejs_active_resources_total: PROM_CLIENT,
    },
    totals: {
      http_requests_total: 'http_request_duration_seconds_count',
      byom_provider_requests_total: 'gen_ai_client_operation_duration_seconds_count',
      byom_database_queries_total: 'byom_database_query_duration_seconds_count',
    },
    limits: { bytes: 600_000, series: 6_000, durationMs: 500 },
  },
  production: {
    environment: { APP_ENV: 'production', TESTING: 'false' },
  },
  recordings: { maxAgeDays: 180 },
  tests: {
    command: ['npm', 'test'],
    coverage: { lines: 88, branches: 82, functions: 88 },
  },
});
