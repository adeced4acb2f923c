import { describe, expect } from 'vitest';
import { routeEnded } from '#contracts/movements.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import '#harness/testing/matchers.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { type DatabaseReader, openDatabaseReader } from '#harness/database/database-reader.ts';
import { readSeries, readSummary } from './read-summary.ts';

const test = serviceTest({});
const integration = { tags: ['integration'] };

const NOT_KNOWN = {
  total_users: null,
  active_api_keys: null,
  active_credentials: null,
  agent_sessions: null,
  total_tokens_used: null,
  total_cost_usd: null,
};

/** Ends the service's connections and lets it make no others, until disposed of. */
async function takeDatabaseAway({ databaseUrl }: RunningService): Promise<AsyncDisposable> {
  const url = new URL(databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const admin: DatabaseReader = await openDatabaseReader(url.href);
  const allow = (isAllowed: boolean) =>
    admin.query(`alter database "${name}" allow_connections ${isAllowed}`);
  await allow(false);
  await admin.query(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = '${name}' and application_name = 'byom-reference'`);
  return {
    [Symbol.asyncDispose]: async () => {
      await allow(true);
      await admin[Symbol.asyncDispose]();
    },
  };
}

describe('the summary without its database', () => {
  test(
    'says null and why where it could not ask, and real numbers elsewhere',
    integration,
    async ({ service }) => {
      const before = await readSummary(service);
      await using _away = await takeDatabaseAway(service);
      const summary = await readSummary(service);
      expect(summary.business_summary).toEqual(NOT_KNOWN);
      expect(summary.unavailable).toEqual({ business_summary: 'The database does not answer.' });
      expect(summary.epoch).toBe(before.epoch + 1);
      expect(summary.http_summary).toEqual(before.http_summary);
      expect(summary.models_summary).toEqual(before.models_summary);
      expect(summary.database_summary.pool_size).toBe(0);
      // No number is left in /metrics either: an old one would look like a new one.
      expect(await readSeries(service, 'byom_users')).toBeUndefined();
      expect(await readSeries(service, 'byom_recorded_cost_pico_usd')).toBeUndefined();
    },
  );

  test('counts what failed for want of a connection', integration, async ({ service }) => {
    const user = service.newUser();
    const before = (await readSummary(service)).database_summary;
    await using _away = await takeDatabaseAway(service);
    const movement = await service.metrics.during(async () => {
      expect((await user.call('GET', '/llm-credentials')).status).toBe(500);
    });
    expect(movement).toEqualMovement(routeEnded('GET /llm-credentials', 500));
    const { query_errors } = (await readSummary(service)).database_summary;
    expect(query_errors).toBeGreaterThan(before.query_errors);
  });

  test('knows again as soon as the database is back', integration, async ({ service }) => {
    const { business_summary, unavailable } = await readSummary(service);
    expect(unavailable).toBeUndefined();
    expect(business_summary.total_users).toBe(await countUsers(service));
    expect(await readSeries(service, 'byom_users')).toBe(business_summary.total_users);
  });

  test('does not wait for a database that hangs', integration, async ({ service }) => {
    await using holder = await openDatabaseReader(service.databaseUrl);
    await holder.query('begin; lock table usage_events in access exclusive mode');
    const summary = await readSummary(service);
    expect(summary.business_summary).toEqual(NOT_KNOWN);
  });
});

async function countUsers({ database }: RunningService): Promise<number> {
  const [row] = await database.query('select count(*) as users from users');
  return Number(row?.['users']);
}
