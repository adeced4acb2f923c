import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { ANSWER, askChat } from '#contracts/credentials/chat.ts';
import { listCredentials, storeCredential } from '#contracts/credentials/stored-credential.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { askSummary, readSeries, readSummary } from './read-summary.ts';

const test = serviceTest({});
const integration = { tags: ['integration'] };

const CATEGORIES = ['http', 'models', 'providers', 'database', 'business'];
const SCORE = 'byom_provider_health_score{provider="openai"}';
const CREDENTIALS = 'byom_active_credentials';
const QUERIES = 'byom_database_queries_total{outcome="success"}';

describe('the summary', () => {
  test('has every field and no other, all of them numbers', integration, async ({ service }) => {
    const { unavailable, business_summary } = await readSummary(service);
    expect(unavailable).toBeUndefined();
    expect(Object.values(business_summary)).not.toContain(null);
  });

  test.for(CATEGORIES)('answers %s alone', integration, async (category, { service }) => {
    const { status, body } = await askSummary(service, `?category=${category}`);
    expect(status).toBe(200);
    const whole = await readSummary(service);
    const part = `${category}_summary` as keyof typeof whole;
    expect(body).toEqual({ epoch: whole.epoch - 1, [part]: whole[part] });
  });

  test.for(['nothing', 'HTTP', '', 'http,models', 'http&category=models', '__proto__'])(
    'refuses the category "%s" and names those that there are',
    integration,
    async (category, { service }) => {
      expect(await askSummary(service, `?category=${category}`)).toEqual({
        status: 400,
        body: {
          error: {
            message: `Invalid query: category: must be one of ${CATEGORIES.join(', ')}.`,
            type: 'invalid_request_error',
            param: 'category',
            code: 'invalid_query',
          },
        },
      });
    },
  );

  test('moves nothing by being read, not even queries', integration, async ({ service }) => {
    const queries = await readSeries(service, QUERIES);
    const movement = await service.metrics.during(() => readSummary(service));
    expect(movement).toEqualMovement({});
    expect(await readSeries(service, QUERIES)).toBe(queries);
  });

  test(
    'shows in /metrics what it says, until it is read again',
    integration,
    async ({ service }) => {
      const before = await readSummary(service);
      const user = service.newUser();
      const { id } = await storeCredential(user, { api_key: service.newProviderKey() });
      const credentials = before.business_summary.active_credentials ?? Number.NaN;
      expect(await readSeries(service, CREDENTIALS)).toBe(credentials);
      const { epoch, business_summary } = await readSummary(service);
      expect(business_summary.active_credentials).toBe(credentials + 1);
      expect(await readSeries(service, CREDENTIALS)).toBe(credentials + 1);
      expect(await readSeries(service, 'byom_snapshot_epoch')).toBe(epoch);
      // A deleted one stays in the table, and is no active one.
      await user.call('DELETE', `/llm-credentials/${id}`);
      const after = await readSummary(service);
      expect(after.business_summary.active_credentials).toBe(credentials);
    },
  );
});

describe('the queries', () => {
  test('are counted whichever way they go', integration, async ({ service }) => {
    const user = service.newUser();
    const before = (await readSummary(service)).database_summary;
    // The user by a prepared statement of the pool, the list by kysely.
    await listCredentials(user);
    const after = (await readSummary(service)).database_summary;
    expect(after.total_queries).toBe(before.total_queries + 2);
    expect(after.query_errors).toBe(before.query_errors);
    expect(await readSeries(service, 'byom_database_query_duration_seconds_count')).toBe(
      after.total_queries,
    );
  });

  test('of a transaction are all counted', integration, async ({ service }) => {
    const user = service.newUser();
    const api_key = service.newProviderKey();
    const before = (await readSummary(service)).database_summary;
    await storeCredential(user, { api_key });
    const { total_queries, pool_in_use } = (await readSummary(service)).database_summary;
    // The user; begin, lock the user, list, insert, make it the default, commit.
    expect(total_queries).toBe(before.total_queries + 7);
    expect(pool_in_use).toBe(0);
  });
});

describe('the score of a provider', () => {
  test('falls by its failures, not by refusals', integration, async ({ service }) => {
    const api_key = service.newProviderKey();
    const user = service.newUser();
    await storeCredential(user, { api_key });
    // Without a fallback each call is one attempt.
    await user.call('PATCH', '/user-settings', { always_own_key: true });
    const before = (await readSummary(service)).providers_summary;
    expect(before).toMatchObject({ healthy_providers: before.total_providers });
    const points = await readSeries(service, SCORE);

    const refusals = [400, 401, 403, 404, 429] as const;
    for (const status of refusals)
      service.simulator.script(api_key, { answer: { kind: 'error', status } });
    for (const status of refusals) expect((await askChat(user)).status).toBe(status);
    await readSummary(service);
    expect(await readSeries(service, SCORE)).toBe(points);

    for (let failure = 0; failure < 10; failure += 1) {
      service.simulator.script(api_key, { answer: { kind: 'error', status: 500 } });
      await askChat(user);
    }
    expect(await readSeries(service, SCORE)).toBe(points);
    const after = (await readSummary(service)).providers_summary;
    expect(after).toMatchObject({
      down_providers: 1,
      healthy_providers: before.total_providers - 1,
    });
    // 10 failures on 4 successes on credit: no other test asks a provider.
    expect(await readSeries(service, SCORE)).toBe(29);

    for (let success = 0; success < 6; success += 1) {
      service.simulator.script(api_key, ANSWER);
      await askChat(user);
    }
    expect((await readSummary(service)).providers_summary).toMatchObject({ down_providers: 1 });
    expect(await readSeries(service, SCORE)).toBe(50);
  });
});
