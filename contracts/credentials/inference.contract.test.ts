import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { attempted, callEnded } from '#contracts/inference/movements.ts';
import { routeEnded } from '#contracts/movements.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import {
  ANSWER,
  askChat,
  chatAnswered,
  chatRefused,
  providerCallsWith,
  withCredential,
} from './chat.ts';
import { unreadable } from './movements.ts';
import { errorBody, storeCredential } from './stored-credential.ts';

const NANO = { provider: 'openai', model: 'gpt-5.4-nano' } as const;
const test = serviceTest();
const integration = { tags: ['integration'] };

describe('inference', () => {
  test('uses the default credential', integration, async ({ service }) => {
    const user = service.newUser();
    const [first, second] = [service.newProviderKey(), service.newProviderKey()];
    await storeCredential(user, { api_key: first, name: 'first' });
    await storeCredential(user, { api_key: second, name: 'second', is_default: true });
    service.simulator.script(second, ANSWER);
    const movement = await service.metrics.during(async () => {
      const answer = await askChat(user);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.headers.get('x-byom-credential')).toBe('user');
    });
    expect(movement).toEqualMovement(chatAnswered('user'));
    expect([first, second].map((key) => providerCallsWith(service, key))).toEqual([0, 1]);
  });

  test('uses the credential that the header names', integration, async ({ service }) => {
    const user = service.newUser();
    const [first, second] = [service.newProviderKey(), service.newProviderKey()];
    await storeCredential(user, { api_key: first, name: 'first' });
    const { id } = await storeCredential(user, { api_key: second, name: 'second' });
    service.simulator.script(second, ANSWER);
    const movement = await service.metrics.during(async () => {
      expect((await askChat(user, withCredential(id))).status).toBe(200);
    });
    expect(movement).toEqualMovement(chatAnswered('user'));
    expect([first, second].map((key) => providerCallsWith(service, key))).toEqual([0, 1]);
  });

  test('uses the replaced key at once', integration, async ({ service }) => {
    const user = service.newUser();
    const [old, fresh] = [service.newProviderKey(), service.newProviderKey()];
    const { id } = await storeCredential(user, { api_key: old });
    await user.call('PUT', `/llm-credentials/${id}/key`, { api_key: fresh });
    service.simulator.script(fresh, ANSWER);
    expect((await askChat(user)).status).toBe(200);
    expect([old, fresh].map((key) => providerCallsWith(service, key))).toEqual([0, 1]);
  });

  test(
    'with an invalid key that nobody else pays for answers the provider’s 401 without the key',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const api_key = service.newProviderKey({ known: false });
      await storeCredential(user, { api_key });
      await user.call('PATCH', '/user-settings', { always_own_key: true });
      const movement = await service.metrics.during(async () => {
        const answer = await askChat(user);
        expect(answer).toMatchObject({ status: 401, body: errorBody('invalid_api_key') });
        expect(answer.text).not.toContain(api_key.slice(-4));
      });
      expect(movement).toEqualMovement({
        ...callEnded('chat/completions', { status: 401, outcome: 'error' }),
        ...attempted(NANO, { outcome: 'error' }),
      });
    },
  );

  test('refuses a deleted credential by its name', integration, async ({ service }) => {
    const user = service.newUser();
    const api_key = service.newProviderKey();
    const { id } = await storeCredential(user, { api_key });
    await user.call('DELETE', `/llm-credentials/${id}`);
    const movement = await service.metrics.during(async () => {
      const answer = await askChat(user, withCredential(id));
      expect(answer).toMatchObject({ status: 404, body: errorBody('credential_deleted') });
    });
    expect(movement).toEqualMovement(chatRefused(404));
    expect(providerCallsWith(service, api_key)).toBe(0);
  });

  test(
    'refuses a deleted default credential of a user who always uses an own key',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const api_key = service.newProviderKey();
      const { id } = await storeCredential(user, { api_key });
      await user.call('PATCH', '/user-settings', { always_own_key: true });
      await user.call('DELETE', `/llm-credentials/${id}`);
      const movement = await service.metrics.during(async () => {
        expect(await askChat(user)).toMatchObject({
          status: 400,
          body: errorBody('no_credential'),
        });
      });
      expect(movement).toEqualMovement(chatRefused(400));
      expect(providerCallsWith(service, api_key)).toBe(0);
    },
  );

  test('answers 404 to the id of another user’s credential', integration, async ({ service }) => {
    const api_key = service.newProviderKey();
    const { id } = await storeCredential(service.newUser(), { api_key });
    const intruder = service.newUser();
    const movement = await service.metrics.during(async () => {
      const answer = await askChat(intruder, withCredential(id));
      expect(answer).toMatchObject({ status: 404, body: errorBody('credential_not_found') });
    });
    expect(movement).toEqualMovement(chatRefused(404));
    expect(providerCallsWith(service, api_key)).toBe(0);
  });

  test('answers 404 to a header that is no id', integration, async ({ service }) => {
    const answer = await askChat(service.newUser(), withCredential("' or true --"));
    expect(answer).toMatchObject({ status: 404, body: errorBody('credential_not_found') });
  });
});

describe('the system key', () => {
  test('pays for a user without a credential', integration, async ({ service }) => {
    const user = service.newUser();
    service.simulator.script(service.systemKey, ANSWER);
    const movement = await service.metrics.during(async () => {
      const answer = await askChat(user);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.headers.get('x-byom-credential')).toBe('system');
    });
    expect(movement).toEqualMovement(chatAnswered('system'));
    const rows = await service.database.query(
      `select credential, count(*) as calls from usage_events join users on users.id = user_id
       where users.name = '${user.name}' group by 1`,
    );
    expect(rows).toEqual([{ credential: 'system', calls: '1' }]);
  });

  test('does not pay for a user who always uses an own key', integration, async ({ service }) => {
    const user = service.newUser();
    const movement = await service.metrics.during(async () => {
      const answer = await user.call('PATCH', '/user-settings', { always_own_key: true });
      expect(answer).toMatchObject({ status: 200, body: { always_own_key: true } });
      expect(await askChat(user)).toMatchObject({ status: 400, body: errorBody('no_credential') });
    });
    expect(movement).toEqualMovement({
      ...routeEnded('PATCH /user-settings', 200),
      ...chatRefused(400),
      'byom_user_lookups_total{source="database"}': 2,
    });
    const kept = await user.call('GET', '/user-settings');
    expect(kept.body).toEqual({ always_own_key: true, cache_answers: false });
  });

  test(
    'never takes the place of a credential that cannot be decrypted',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const { id } = await storeCredential(user, { api_key: service.newProviderKey() });
      await service.database.query(
        `update credentials set nonce = nonce || '\\x00'::bytea where id = '${id}'`,
      );
      const movement = await service.metrics.during(async () => {
        const answer = await askChat(user);
        expect(answer).toMatchObject({ status: 500, body: errorBody('credential_unreadable') });
      });
      expect(movement).toEqualMovement({ ...chatRefused(500), ...unreadable() });
    },
  );
});
