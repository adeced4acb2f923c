import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { routeEnded } from '#contracts/movements.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { changed } from './movements.ts';
import { errorBody, listCredentials, storeCredential } from './stored-credential.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };

describe('a stored credential', () => {
  test('is created, answered with a mask, and is the default', integration, async ({ service }) => {
    const user = service.newUser();
    const apiKey = service.newProviderKey();
    const movement = await service.metrics.during(async () => {
      const body = { provider: 'openai', api_key: apiKey, name: 'work' };
      const answer = await user.call('POST', '/llm-credentials', body);
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({ name: 'work', status: 'ready', is_default: true });
      expect(answer.body).toMatchObject({ masked_key: `****${apiKey.slice(-4)}`, settings: {} });
      expect(answer.text).not.toContain(apiKey.slice(0, -4));
    });
    expect(movement).toEqualMovement({
      ...routeEnded('POST /llm-credentials', 201),
      ...changed('created'),
    });
  });

  test('is listed and got, the oldest first', integration, async ({ service }) => {
    const user = service.newUser();
    const one = await storeCredential(user, { api_key: service.newProviderKey(), name: 'one' });
    const two = await storeCredential(user, { api_key: service.newProviderKey(), name: 'two' });
    const movement = await service.metrics.during(async () => {
      expect(await listCredentials(user)).toEqual([one, two]);
      const answer = await user.call('GET', `/llm-credentials/${two.id}`);
      expect(answer).toMatchObject({ status: 200, body: two });
    });
    expect(movement).toEqualMovement({
      ...routeEnded('GET /llm-credentials', 200),
      ...routeEnded('GET /llm-credentials/:id', 200),
      'byom_user_lookups_total{source="database"}': 2,
    });
  });

  test('takes another name and other settings', integration, async ({ service }) => {
    const user = service.newUser();
    const stored = await storeCredential(user, { api_key: service.newProviderKey() });
    const changes = { name: 'renamed', settings: { organization: 'org-1', timeout_ms: 5_000 } };
    const movement = await service.metrics.during(async () => {
      const answer = await user.call('PATCH', `/llm-credentials/${stored.id}`, changes);
      expect(answer.body).toEqual({ ...stored, ...changes, updated_at: expect.any(String) });
    });
    expect(movement).toEqualMovement({
      ...routeEnded('PATCH /llm-credentials/:id', 200),
      ...changed('updated'),
    });
    expect(await listCredentials(user)).toMatchObject([changes]);
  });

  test('takes another key and stays the same credential', integration, async ({ service }) => {
    const user = service.newUser();
    const { id } = await storeCredential(user, { api_key: service.newProviderKey() });
    const apiKey = service.newProviderKey();
    const movement = await service.metrics.during(async () => {
      const answer = await user.call('PUT', `/llm-credentials/${id}/key`, { api_key: apiKey });
      expect(answer).toMatchObject({
        status: 200,
        body: { masked_key: `****${apiKey.slice(-4)}` },
      });
    });
    expect(movement).toEqualMovement({
      ...routeEnded('PUT /llm-credentials/:id/key', 200),
      ...changed('key_replaced'),
    });
    expect(await listCredentials(user)).toMatchObject([{ id }]);
  });

  test(
    'is deleted softly: gone for its user, kept in its row',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const { id } = await storeCredential(user, { api_key: service.newProviderKey() });
      const movement = await service.metrics.during(async () => {
        expect(await user.call('DELETE', `/llm-credentials/${id}`)).toMatchObject({ status: 204 });
      });
      expect(movement).toEqualMovement({
        ...routeEnded('DELETE /llm-credentials/:id', 204),
        ...changed('deleted'),
      });
      expect(await listCredentials(user)).toEqual([]);
      const rows = await service.database.query(
        `select is_default, deleted_at is not null as deleted from credentials where id = '${id}'`,
      );
      expect(rows).toEqual([{ is_default: 'f', deleted: 't' }]);
    },
  );

  test.for([
    ['GET', ''],
    ['PATCH', '', {}],
    ['DELETE', ''],
    ['PUT', '/default'],
    ['PUT', '/key', { api_key: 'sk-tally-0123456789' }],
    ['POST', '/validate'],
  ] as const)(
    'answers 404 to %s /:id%s once it is deleted',
    integration,
    async ([method, path, body], { service }) => {
      const user = service.newUser();
      const { id } = await storeCredential(user, { api_key: service.newProviderKey() });
      await user.call('DELETE', `/llm-credentials/${id}`);
      const answer = await user.call(method, `/llm-credentials/${id}${path}`, body);
      expect(answer).toMatchObject({ status: 404, body: errorBody('credential_not_found') });
    },
  );

  test('frees its name and its key when it is deleted', integration, async ({ service }) => {
    const user = service.newUser();
    const credential = { api_key: service.newProviderKey(), name: 'again' };
    const first = await storeCredential(user, credential);
    await user.call('DELETE', `/llm-credentials/${first.id}`);
    const second = await storeCredential(user, credential);
    expect(await listCredentials(user)).toEqual([second]);
  });
});

describe('the default credential', () => {
  test('is the one that was made it last', integration, async ({ service }) => {
    const user = service.newUser();
    const [one, two, three] = [
      await storeCredential(user, { api_key: service.newProviderKey(), name: 'one' }),
      await storeCredential(user, { api_key: service.newProviderKey(), name: 'two' }),
      await storeCredential(user, {
        api_key: service.newProviderKey(),
        name: 'three',
        is_default: true,
      }),
    ];
    expect([one, two, three].map((credential) => credential.is_default)).toEqual([
      true,
      false,
      true,
    ]);
    const movement = await service.metrics.during(() =>
      user.call('PUT', `/llm-credentials/${two.id}/default`),
    );
    expect(movement).toEqualMovement({
      ...routeEnded('PUT /llm-credentials/:id/default', 200),
      ...changed('made_default'),
    });
    const isDefault = (await listCredentials(user)).map((credential) => credential.is_default);
    expect(isDefault).toEqual([false, true, false]);
  });

  test(
    'is followed by the oldest other one when it is deleted',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const one = await storeCredential(user, { api_key: service.newProviderKey(), name: 'one' });
      await storeCredential(user, { api_key: service.newProviderKey(), name: 'two' });
      await storeCredential(user, { api_key: service.newProviderKey(), name: 'three' });
      await user.call('DELETE', `/llm-credentials/${one.id}`);
      expect(await listCredentials(user)).toMatchObject([
        { name: 'two', is_default: true },
        { name: 'three', is_default: false },
      ]);
    },
  );

  test('is one, however many are made it at once', integration, async ({ service }) => {
    const user = service.newUser();
    const keys = Array.from({ length: 12 }, () => service.newProviderKey());
    await Promise.all(
      keys.map((api_key, index) =>
        storeCredential(user, { api_key, name: `at once ${index}`, is_default: true }),
      ),
    );
    const all = await listCredentials(user);
    expect(all.length).toBe(12);
    expect(all.filter((credential) => credential.is_default).length).toBe(1);
  });
});
