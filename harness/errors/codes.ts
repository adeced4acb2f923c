/**
 * Every code a HarnessError can carry: H_<AREA>_<WHAT>, never reused. README.md beside this file
 * explains each one; a test compares the two both ways.
 */
export const HARNESS_ERROR_CODES = [
  // cli
  'H_CLI_USAGE',
  // config
  'H_CONFIG_NOT_FOUND',
  'H_CONFIG_UNREADABLE',
  'H_CONFIG_INVALID',
  'H_CONFIG_ENVIRONMENT',
  // stack
  // service
  'H_SERVICE_PORT_IN_USE',
  'H_SERVICE_EXITED',
  'H_SERVICE_NOT_READY',
  'H_SERVICE_COMMAND',
  // database
  'H_SQL_FAILED',
  // tests
  'H_TESTS_NO_RESULT',
  // simulator
  'H_SIMULATOR_PORT',
  'H_SIMULATOR_SCRIPT',
  'H_SIMULATOR_NOT_HELD',
  'H_SIMULATOR_NOT_QUIET',
  'H_SIMULATOR_FAILED',
  // cassettes
  'H_CASSETTE_UNREADABLE',
  'H_CASSETTE_INVALID',
  'H_CASSETTE_SEAL',
  'H_CASSETTE_PROVIDER',
  // metrics
  'H_METRICS_SERIES',
  'H_METRICS_UNREACHABLE',
  'H_METRICS_NOT_QUIET',
  'H_METRICS_PROMETHEUS_AWAY',
  'H_METRICS_QUERY_REFUSED',
  'H_METRICS_QUERY_ANSWER',
  'H_METRICS_NOT_SCRAPED',
  'H_METRICS_FENCE_RACED',
  // environment
  'H_ENVIRONMENT_ROOT',
  'H_ENVIRONMENT_FILE',
  'H_ENVIRONMENT_LIMIT',
] as const;

export type HarnessErrorCode = (typeof HARNESS_ERROR_CODES)[number];
