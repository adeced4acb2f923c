import { describe, expect, test } from 'vitest';
import {
  ConfigError,
  type Env,
  loadConfig,
  loadDatabaseConfig,
  loadRotateConfig,
  loadSeedConfig,
} from './config.ts';

const ENV = {
  DATABASE_URL: 'postgres://user@127.0.0.1:5432/byom',
  MASTER_KEYS: 'v1:key',
  PRICES_FILE: 'prices.json',
};

const load = (env: Env) => loadConfig({ ...ENV, ...env });

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('Nothing was thrown.');
}

describe('config', () => {
  test('has a default for everything but the database, the master keys and the prices', () => {
    expect(load({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: ENV.DATABASE_URL,
      appEnv: 'production',
      isTesting: false,
      pricesFile: 'prices.json',
      keyManagement: { kind: 'local', masterKeys: 'v1:key' },
      openai: { systemKey: undefined, baseUrl: 'https://api.openai.com/v1' },
      google: {
        systemKey: undefined,
        baseUrl: 'https://generativelanguage.googleapis.com',
        sdk: 'genai',
      },
      anthropic: { systemKey: undefined, baseUrl: 'https://api.anthropic.com' },
      azure: { systemKey: undefined, baseUrl: undefined, apiVersion: '2024-10-21' },
      systemDefaultModel: undefined,
      limits: { requestsPerMinute: 600, streamsPerUser: 50, providerIdleMs: 120_000 },
      cacheTtlMs: 300_000,
      credentialBaseUrls: [],
      rotation: { intervalMs: 3_600_000, batchSize: 100 },
      logLevel: 'warn',
      shutdownLimitMs: 10_000,
    });
  });

  test('is frozen', () => {
    expect(Object.isFrozen(load({}))).toBe(true);
  });

  test('takes a variable set to nothing as not set', () => {
    expect(load({ PORT: '', OPENAI_API_KEY: ' ', APP_ENV: '' })).toEqual(load({}));
  });

  test.for([
    ['testing', undefined],
    ['test', undefined],
    [' Testing ', undefined],
    ['test', 'false'],
    ['staging', 'true'],
    ['development', '1'],
    ['development', ' YES '],
  ])('is testing with APP_ENV=%s and TESTING=%s', ([APP_ENV, TESTING]) => {
    expect(load({ APP_ENV, TESTING }).isTesting).toBe(true);
  });

  test.for([
    [undefined, undefined],
    ['production', 'false'],
    ['production', '0'],
    ['staging', 'no'],
    ['development', ''],
  ])('is not testing with APP_ENV=%s and TESTING=%s', ([APP_ENV, TESTING]) => {
    expect(load({ APP_ENV, TESTING }).isTesting).toBe(false);
  });

  test.for([
    [undefined, '1'],
    ['', 'true'],
    ['production', 'yes'],
    [' PRODUCTION ', 'TRUE'],
  ])('refuses to start with APP_ENV=%s and TESTING=%s', ([APP_ENV, TESTING]) => {
    expect(() => load({ APP_ENV, TESTING })).toThrow(/TESTING is on while APP_ENV is production/);
  });

  test.for(['on', 'tru', '2', 'y'])(
    'calls TESTING=%s an error that says what is allowed',
    (TESTING) => {
      expect(() => load({ APP_ENV: 'testing', TESTING })).toThrow(/TESTING must be true, 1 or yes/);
    },
  );

  test('calls an unknown APP_ENV an error, since a typing slip must not switch the guard off', () => {
    expect(() => load({ APP_ENV: 'prod', TESTING: '1' })).toThrow(
      /APP_ENV must be one of production/,
    );
  });

  test.for(Object.keys(ENV))('needs %s', (name) => {
    expect(() => load(Object.fromEntries([[name, undefined]]))).toThrow(
      new RegExp(`${name} must be`),
    );
  });

  test.for([
    ['PORT', '65536'],
    ['PORT', 'http'],
    ['OPENAI_BASE_URL', 'api.openai.com'],
    ['LOG_LEVEL', 'loud'],
    ['SHUTDOWN_LIMIT_MS', '-1'],
    ['CREDENTIAL_BASE_URLS', 'https://a.example,b.example'],
    ['ROTATION_INTERVAL_MS', '2147483648'],
    ['ROTATION_BATCH_SIZE', '0'],
  ] as const)('refuses %s=%s', ([name, value]) => {
    expect(() => load({ [name]: value })).toThrow(ConfigError);
  });

  test('reads base URLs for credentials as a list', () => {
    const urls = ['https://a.example/v1', 'http://127.0.0.1:8080'];
    expect(load({ CREDENTIAL_BASE_URLS: ` ${urls.join(' ,')},` }).credentialBaseUrls).toEqual(urls);
  });

  test('takes the master keys from AWS when it is told to, and needs no MASTER_KEYS then', () => {
    const aws = {
      MASTER_KEYS: undefined,
      KEY_MANAGEMENT: 'aws',
      MASTER_KEYS_SECRET_ID: 'byom/master-keys',
      AWS_REGION: 'eu-central-1',
    };
    const expected = {
      kind: 'aws',
      secretId: 'byom/master-keys',
      region: 'eu-central-1',
      endpointUrl: undefined,
    };
    expect(load(aws).keyManagement).toEqual(expected);
    expect(loadRotateConfig({ ...ENV, ...aws }).keyManagement).toEqual(expected);
    for (const missing of ['MASTER_KEYS_SECRET_ID', 'AWS_REGION'])
      expect(messageOf(() => load({ ...aws, [missing]: '' }))).toContain(missing);
    expect(messageOf(() => load({ ...aws, KEY_MANAGEMENT: 'vault' }))).toContain('local or aws');
  });

  test('never quotes a value, which may be a secret in the wrong place', () => {
    const secret = 'sk-canary-0123456789';
    const names = ['DATABASE_URL', 'OPENAI_BASE_URL', 'PORT', 'APP_ENV', 'TESTING', 'LOG_LEVEL'];
    const env = Object.fromEntries(names.map((name) => [name, secret]));
    const message = messageOf(() => load(env));
    for (const name of names) expect(message).toContain(name);
    expect(message).not.toContain(secret);
  });

  test('gives the commands what they need and no more', () => {
    expect(loadDatabaseConfig(ENV)).toEqual({ databaseUrl: ENV.DATABASE_URL });
    const keyManagement = { kind: 'local', masterKeys: 'v1:key' };
    expect(loadSeedConfig(ENV)).toEqual({ databaseUrl: ENV.DATABASE_URL, keyManagement });
    expect(loadRotateConfig({ ...ENV, ROTATION_BATCH_SIZE: '7' })).toEqual({
      databaseUrl: ENV.DATABASE_URL,
      keyManagement,
      batchSize: 7,
    });
  });
});
