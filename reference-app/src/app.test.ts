import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { build } from './app.ts';
import { type Env, loadConfig } from './config.ts';

const PRICES = { input: '10', cached_input: '1', cache_write: '12', output: '50', reasoning: '50' };
const MODELS = ['alpha', 'beta', 'gamma'];

/** A service whose database does not exist: these tests never get as far as asking it. */
async function buildWithoutDatabase(env: Env = {}): Promise<FastifyInstance> {
  const folder = await mkdtemp(join(tmpdir(), 'reference-app-'));
  const entries = MODELS.map((model) => ({
    provider: 'openai',
    model,
    validFrom: '2026-01-01',
    prices: PRICES,
  }));
  const pricesFile = join(folder, 'prices.json');
  await writeFile(pricesFile, JSON.stringify({ schemaVersion: 1, entries }));
  const config = loadConfig({
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    MASTER_KEYS: `v1:${Buffer.alloc(32, 1).toString('base64')}`,
    PRICES_FILE: pricesFile,
    LOG_LEVEL: 'silent',
    ...env,
  });
  const app = await build(config);
  onTestFinished(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });
  return app;
}

const readMetrics = async (app: FastifyInstance): Promise<string> =>
  (await app.inject('/metrics')).body;

/** The value of one series; undefined when it is absent, which is not 0. */
async function readSeries(app: FastifyInstance, series: string): Promise<string | undefined> {
  const lines = (await readMetrics(app)).split('\n');
  return lines.find((line) => line.startsWith(`${series} `))?.slice(series.length + 1);
}

describe('OpenAPI document', () => {
  test('is the committed one; npm run openapi writes it', async () => {
    const app = await buildWithoutDatabase();
    const document = (await app.inject('/openapi.json')).json();
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../openapi.json');
  });

  test('leaves no route out', async () => {
    const app = await buildWithoutDatabase();
    expect(() => app.get('/undeclared', () => 'x')).toThrow(
      'GET /undeclared does not declare its answers: give it schema.response.',
    );
  });
});

describe('service', () => {
  test.for([{}, { APP_ENV: 'testing' }] as const)(
    'says neither mock nor the other word in its metrics, with %j',
    async (env) => {
      const text = await readMetrics(await buildWithoutDatabase(env));
      expect(text).toContain('# HELP http_requests_total');
      expect(text).not.toMatch(/mock|test/i);
      expect(text).toContain(`\nbyom_production ${'APP_ENV' in env ? 0 : 1}\n`);
    },
  );

  test.for([...MODELS, 'other'])(
    'shows every series of %s at 0 before the first call',
    async (model) => {
      const app = await buildWithoutDatabase();
      const labels = `provider="openai",model="${model}"`;
      const series = [
        `byom_provider_requests_total{${labels},outcome="client_abort",credential="system"}`,
        `byom_tokens_total{${labels},class="reasoning",source="estimate"}`,
        `byom_cost_pico_usd_total{${labels},source="provider"}`,
        `gen_ai_client_operation_duration_seconds_count{${labels}}`,
        'http_requests_total{method="POST",route="/chat/completions",status="499"}',
      ];
      const values = await Promise.all(series.map((name) => readSeries(app, name)));
      expect(values).toEqual(series.map(() => '0'));
    },
  );

  test('summarises idleness in numbers', async () => {
    const app = await buildWithoutDatabase();
    const summary = (await app.inject('/prometheus/metrics/summary')).json();
    expect(summary).toMatchObject({ epoch: 1, http_summary: { total_requests: 0, error_rate: 0 } });
    expect(summary.models_summary).toMatchObject({ total_models: 3, top_models: MODELS });
    expect(summary.providers_summary).toMatchObject({ avg_health_score: 100, avg_error_rate: 0 });
    expect(summary.database_summary).toMatchObject({ pool_in_use: 0, pool_size: 0 });
  });

  test('raises the epoch with every reading of the summary, and with nothing else', async () => {
    const app = await buildWithoutDatabase();
    await app.inject('/prometheus/metrics/summary');
    await app.inject('/metrics');
    expect(await readSeries(app, 'byom_snapshot_epoch')).toBe('1');
    expect((await app.inject('/prometheus/metrics/summary')).json().epoch).toBe(2);
  });

  test('freezes the rate at the snapshot', async () => {
    const app = await buildWithoutDatabase();
    await app.inject('/prometheus/metrics/summary');
    await app.inject('/nowhere');
    expect(await readSeries(app, 'byom_http_request_rate_per_minute')).toBe('0');
    await app.inject('/prometheus/metrics/summary');
    expect(await readSeries(app, 'byom_http_request_rate_per_minute')).toBe('1');
  });

  test.for([
    ['GET', '/a/path/with?key=sk-canary-0123456789', 'GET', 404],
    ['PROPFIND', '/chat/completions', 'OTHER', 404],
    ['POST', '/%zz?key=sk-canary-0123456789', 'POST', 400],
  ] as const)('counts %s %s under a bounded label', async ([method, url, label, status]) => {
    const app = await buildWithoutDatabase();
    const answer = await app.inject({ method: method as 'GET', url });
    expect(answer.statusCode).toBe(status);
    expect(answer.body).not.toContain('canary');
    expect(answer.json()).toMatchObject({ error: { type: 'invalid_request_error', param: null } });
    const labels = `method="${label}",route="unknown",status="${status}"`;
    expect(await readSeries(app, `http_requests_total{${labels}}`)).toBe('1');
    expect(await readSeries(app, 'http_requests_in_progress')).toBe('0');
  });

  test.for(['', 'Basic dXNlcjprZXk=', 'Bearer', 'Bearer two words'])(
    'refuses the authorization %j without asking the database',
    async (authorization) => {
      const app = await buildWithoutDatabase();
      const answer = await app.inject({
        method: 'POST',
        url: '/chat/completions',
        headers: { authorization },
        payload: {},
      });
      expect(answer.statusCode).toBe(401);
      expect(answer.json().error.code).toBe('invalid_api_key');
      expect(answer.headers['x-request-id']).toMatch(/^req_/);
    },
  );

  test.for(['/messages', '/v1/messages'])(
    'refuses a call of %s without a key in the shape of Anthropic, counted as one route',
    async (url) => {
      const app = await buildWithoutDatabase();
      const answer = await app.inject({ method: 'POST', url, payload: {} });
      expect(answer.json()).toMatchObject({
        type: 'error',
        error: { type: 'authentication_error' },
        request_id: answer.headers['x-request-id'],
      });
      const labels = 'method="POST",route="/messages",status="401"';
      expect(await readSeries(app, `http_requests_total{${labels}}`)).toBe('1');
    },
  );

  test('asks the database for the user whose key is in the header of Anthropic', async () => {
    const app = await buildWithoutDatabase();
    const headers = { 'x-api-key': 'some-key' };
    const answer = await app.inject({ method: 'POST', url: '/messages', headers, payload: {} });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ type: 'error', error: { type: 'api_error' } });
  });

  test('tells a client nothing about a database that does not answer', async () => {
    const app = await buildWithoutDatabase();
    const answer = await app.inject({
      method: 'POST',
      url: '/chat/completions',
      headers: { authorization: 'Bearer some-key' },
      payload: {},
    });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|users/);
    expect((await app.inject('/health')).statusCode).toBe(503);
  });
});
