import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { createServiceUser, type ServiceUser } from '#contracts/testing/service-user.ts';
import { ANSWER, askChat, chatAnswered } from './chat.ts';
import { listCredentials, storeCredential } from './stored-credential.ts';

const oldDatabase = await readFile(join(import.meta.dirname, 'old-database.sql'), 'utf8');
const OLD_PROVIDER_KEY = 'sk-tally-0123456789-old-provider';
const OLD_SERVICE_KEY = 'sk-tally-0123456789-old-user';

const test = serviceTest({ oldDatabase, environment: () => ({ ROTATION_INTERVAL_MS: '0' }) });
const integration = { tags: ['integration'] };

function userFromBefore(serviceUrl: string): ServiceUser {
  return createServiceUser({
    name: 'from before',
    serviceKey: OLD_SERVICE_KEY,
    providerKey: OLD_PROVIDER_KEY,
    serviceUrl,
    headers: { authorization: `Bearer ${OLD_SERVICE_KEY}` },
  });
}

describe('a database from before credentials had names', () => {
  test('keeps its credential, which becomes the default one', integration, async ({ service }) => {
    const user = userFromBefore(service.service.url);
    const credentials = await listCredentials(user);
    expect(credentials[0]).toMatchObject({
      name: 'default',
      is_default: true,
      status: 'ready',
      masked_key: '****ider',
      settings: {},
      created_at: '2026-11-01T00:00:00.000Z',
    });
  });

  test('goes on paying with it', integration, async ({ service }) => {
    const user = userFromBefore(service.service.url);
    service.simulator.acceptKey('openai', OLD_PROVIDER_KEY);
    service.simulator.script(OLD_PROVIDER_KEY, ANSWER);
    const movement = await service.metrics.during(async () => {
      expect((await askChat(user)).status).toBe(200);
    });
    expect(movement).toEqualMovement(chatAnswered('user'));
  });

  test('takes a second credential beside it', integration, async ({ service }) => {
    const user = userFromBefore(service.service.url);
    await storeCredential(user, { api_key: service.newProviderKey(), name: 'second' });
    expect(await listCredentials(user)).toMatchObject([
      { name: 'default', is_default: true },
      { name: 'second', is_default: false },
    ]);
  });

  test('tells how old its master key is', integration, async ({ service }) => {
    const { families } = await service.metrics.read();
    const [sample] = families.get('byom_master_key_oldest_timestamp_seconds')?.samples ?? [];
    expect(sample?.value).toBe(Date.parse('2026-11-01T00:00:00Z') / 1_000);
  });

  test('keeps its usage', integration, async ({ service }) => {
    const rows = await service.database.query(
      'select count(*) as rows, sum(cost_pico_usd) as cost from usage_events where duration_seconds = 0.5',
    );
    expect(rows).toEqual([{ rows: '1', cost: '5550000' }]);
  });
});
