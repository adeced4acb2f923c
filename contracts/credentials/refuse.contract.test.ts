import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { routeEnded } from '#contracts/movements.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { changed } from './movements.ts';
import { errorBody, listCredentials, storeCredential } from './stored-credential.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };

describe('duplicates', () => {
  test('of a name are refused with 409', integration, async ({ service }) => {
    const user = service.newUser();
    await storeCredential(user, { api_key: service.newProviderKey(), name: 'same' });
    const movement = await service.metrics.during(async () => {
      const body = { provider: 'openai', api_key: service.newProviderKey(), name: ' same ' };
      const answer = await user.call('POST', '/llm-credentials', body);
      expect(answer).toMatchObject({ status: 409, body: errorBody('duplicate_name') });
    });
    expect(movement).toEqualMovement(routeEnded('POST /llm-credentials', 409));
  });

  test(
    'of a key are refused with 409, also under another name',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const api_key = service.newProviderKey();
      await storeCredential(user, { api_key, name: 'one' });
      const movement = await service.metrics.during(async () => {
        const body = { provider: 'openai', api_key: ` ${api_key}\n`, name: 'two' };
        const answer = await user.call('POST', '/llm-credentials', body);
        expect(answer).toMatchObject({ status: 409, body: errorBody('duplicate_key') });
        expect(answer.text).not.toContain(api_key);
      });
      expect(movement).toEqualMovement(routeEnded('POST /llm-credentials', 409));
    },
  );

  test('do not come from an update or a replaced key', integration, async ({ service }) => {
    const user = service.newUser();
    const api_key = service.newProviderKey();
    await storeCredential(user, { api_key, name: 'one' });
    const { id } = await storeCredential(user, { api_key: service.newProviderKey(), name: 'two' });
    const renamed = await user.call('PATCH', `/llm-credentials/${id}`, { name: 'one' });
    expect(renamed).toMatchObject({ status: 409, body: errorBody('duplicate_name') });
    const replaced = await user.call('PUT', `/llm-credentials/${id}/key`, { api_key });
    expect(replaced).toMatchObject({ status: 409, body: errorBody('duplicate_key') });
  });

  test('lose a race: of ten equal requests at once one wins', integration, async ({ service }) => {
    const user = service.newUser();
    const body = { provider: 'openai', api_key: service.newProviderKey() };
    const movement = await service.metrics.during(async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => user.call('POST', '/llm-credentials', body)),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
    });
    expect(movement).toEqualMovement({
      ...changed('created'),
      ...routeEnded('POST /llm-credentials', 201),
      ...routeEnded('POST /llm-credentials', 409, 9),
      'http_request_duration_seconds_count{method="POST",route="/llm-credentials"}': 10,
      'byom_user_lookups_total{source="database"}': 10,
    });
    expect(await listCredentials(user)).toHaveLength(1);
  });

  test('of two users are none', integration, async ({ service }) => {
    const api_key = service.newProviderKey();
    await storeCredential(service.newUser(), { api_key, name: 'shared' });
    await storeCredential(service.newUser(), { api_key, name: 'shared' });
  });
});

describe('the limit of 100 credentials', () => {
  test('refuses one more with 409', integration, async ({ service }) => {
    const user = service.newUser();
    await service.database.query(
      `insert into credentials
         (user_id, provider, key_version, nonce, ciphertext, name, is_default)
       select users.id, 'openai', 'v1', '', '', 'number ' || n, false
       from users, generate_series(1, 100) as n where users.name = '${user.name}'`,
    );
    const movement = await service.metrics.during(async () => {
      const body = { provider: 'openai', api_key: service.newProviderKey() };
      const answer = await user.call('POST', '/llm-credentials', body);
      expect(answer).toMatchObject({ status: 409, body: errorBody('too_many_credentials') });
    });
    expect(movement).toEqualMovement(routeEnded('POST /llm-credentials', 409));
  });
});

describe('a mask', () => {
  test(
    'that is saved back is refused with 422 and changes nothing',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const stored = await storeCredential(user, { api_key: service.newProviderKey() });
      const movement = await service.metrics.during(async () => {
        const body = { api_key: stored.masked_key };
        const answer = await user.call('PUT', `/llm-credentials/${stored.id}/key`, body);
        expect(answer).toMatchObject({ status: 422, body: errorBody('masked_key') });
      });
      expect(movement).toEqualMovement(routeEnded('PUT /llm-credentials/:id/key', 422));
      expect(await listCredentials(user)).toEqual([stored]);
    },
  );

  test.for(['****', 'sk-...abcd', 'sk-tally-0123•••••cdef', 'sk-tally-…cdef'])(
    'as %s is no key to begin with',
    integration,
    async (api_key, { service }) => {
      const body = { provider: 'openai', api_key };
      const answer = await service.newUser().call('POST', '/llm-credentials', body);
      expect(answer).toMatchObject({ status: 422, body: errorBody('masked_key') });
    },
  );
});

describe('a body', () => {
  const KEY = 'sk-tally-0123456789abcdef';
  test.for([
    ['no key', { provider: 'openai' }, 'api_key'],
    ['an empty key', { provider: 'openai', api_key: '' }, 'api_key'],
    ['a key with a line end in it', { provider: 'openai', api_key: `${KEY}\nx` }, 'api_key'],
    ['a key that is a number', { provider: 'openai', api_key: 12345678 }, 'api_key'],
    ['a provider that nobody serves', { provider: 'nobody', api_key: KEY }, 'provider'],
    ['an empty name', { provider: 'openai', api_key: KEY, name: ' ' }, 'name'],
    ['a field that nobody knows', { provider: 'openai', api_key: KEY, owner: 'me' }, null],
    [
      'a base URL that is not allowed',
      { provider: 'openai', api_key: KEY, settings: { base_url: 'http://169.254.169.254' } },
      'settings.base_url',
    ],
    [
      'an organisation that would break a header',
      { provider: 'openai', api_key: KEY, settings: { organization: 'a\r\nb' } },
      'settings.organization',
    ],
    [
      'a time-out of nothing',
      { provider: 'openai', api_key: KEY, settings: { timeout_ms: 0 } },
      'settings.timeout_ms',
    ],
  ] as const)('with %s is refused with 422', integration, async ([, body, param], { service }) => {
    const user = service.newUser();
    const movement = await service.metrics.during(async () => {
      const answer = await user.call('POST', '/llm-credentials', body);
      expect(answer).toMatchObject({ status: 422, body: { error: { param } } });
      expect(answer.text).not.toContain(KEY);
    });
    expect(movement).toEqualMovement(routeEnded('POST /llm-credentials', 422));
  });
});
