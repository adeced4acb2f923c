import { expect, test } from 'vitest';
import { childEnvironment, loadHarnessEnvironment } from './env.ts';

test('live runs have no key, ten cents and no obligation where nothing is set', () => {
  expect(loadHarnessEnvironment({}).live).toEqual({
    isRequired: false,
    budgetUsd: 0.1,
    keys: {},
    baseUrls: {},
  });
});

test('live runs take the keys that are set, and not the empty ones', () => {
  const { live } = loadHarnessEnvironment({
    TALLY_LIVE: '1',
    TALLY_LIVE_BUDGET_USD: '2.5',
    OPENAI_API_KEY: '',
    GOOGLE_API_KEY: 'key',
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
    AZURE_API_KEY: 'not recorded',
  });
  expect(live).toEqual({
    isRequired: true,
    budgetUsd: 2.5,
    keys: { google: 'key' },
    baseUrls: { anthropic: 'http://127.0.0.1:1' },
  });
});

test('external servers keep paths, and their credentials become headers', () => {
  const { external } = loadHarnessEnvironment({
    DATABASE_URL: 'postgres://ci:secret@db.internal/ci',
    PROMETHEUS_URL: 'https://me:p%40ss@mimir.internal/prometheus/',
    PROMETHEUS_HEADERS: 'X-Scope-OrgID: team-a\n\nX-Trace: a:b',
    GRAFANA_URL: 'https://grafana.internal',
    GRAFANA_TOKEN: 'glsa_1',
    TALLY_SCRAPE_LISTEN: '[::1]:9000',
  });
  expect(external).toEqual({
    databaseUrl: 'postgres://ci:secret@db.internal/ci',
    prometheus: {
      url: 'https://mimir.internal/prometheus',
      headers: {
        authorization: `Basic ${btoa('me:p@ss')}`,
        'x-scope-orgid': 'team-a',
        'x-trace': 'a:b',
      },
    },
    grafana: { url: 'https://grafana.internal', headers: { authorization: 'Bearer glsa_1' } },
    scrapeListen: { host: '::1', port: 9000 },
    allowProduction: false,
  });
});

test('a database that is no Postgres is none', () => {
  const load = (url: string) => loadHarnessEnvironment({ DATABASE_URL: url }).external.databaseUrl;
  expect(['', 'mysql://db.internal/ci'].map(load)).toEqual([undefined, undefined]);
});

test.for([
  { PROMETHEUS_URL: 'prometheus:9090' },
  { PROMETHEUS_HEADERS: 'team-a' },
  { TALLY_SCRAPE_LISTEN: '9464' },
  { TALLY_ALLOW_PRODUCTION: 'yes' },
  { TALLY_LIVE: 'yes' },
  { TALLY_LIVE_BUDGET_USD: 'ten' },
  { TALLY_LIVE_BUDGET_USD: '-1' },
  { OPENAI_BASE_URL: 'localhost' },
])('%j is refused, and named', (env) => {
  const load = () => loadHarnessEnvironment(env as Record<string, string>);
  expect(load).toThrow(Object.keys(env)[0]);
  expect(load).toThrow('[H_CONFIG_ENVIRONMENT]');
});

test('child processes get what every program needs, a cache of compiled code, and no key', () => {
  const env = {
    PATH: '/bin',
    HOME: '/home/me',
    OPENAI_API_KEY: 'key',
    DATABASE_URL: 'postgres://x',
  };
  expect(childEnvironment(env)).toEqual({
    PATH: '/bin',
    HOME: '/home/me',
    NODE_COMPILE_CACHE: '/home/me/.cache/tally/compiled',
  });
  expect(childEnvironment({ TALLY_CACHE_DIR: '/var/tally' })).toEqual({
    NODE_COMPILE_CACHE: '/var/tally/compiled',
  });
});
