import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import {
  ANSWER,
  askChat,
  chatAnswered,
  providerCallsWith,
  withCredential,
} from '#contracts/credentials/chat.ts';
import { storeCredential } from '#contracts/credentials/stored-credential.ts';
import { routeEnded } from '#contracts/movements.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { ServiceUser } from '#contracts/testing/service-user.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };

async function newUser(service: RunningService, { remembers = true } = {}): Promise<ServiceUser> {
  const user = service.newUser({ ownKey: 'openai' });
  if (remembers) await user.call('PATCH', '/user-settings', { cache_answers: true });
  return user;
}

describe('remembered answers', () => {
  test(
    'are given again: no provider is asked, and nothing is billed',
    integration,
    async ({ service }) => {
      const user = await newUser(service);
      service.simulator.script(user.providerKey ?? '', ANSWER);
      const missed = await service.metrics.during(async () => {
        expect((await askChat(user)).headers.get('x-byom-cache')).toBe('miss');
      });
      expect(missed).toEqualMovement({
        ...chatAnswered('user'),
        'byom_cache_lookups_total{result="miss"}': 1,
      });
      const hit = await service.metrics.during(async () => {
        const answer = await askChat(user);
        expect([answer.status, answer.headers.get('x-byom-cache')]).toEqual([200, 'hit']);
        expect(answer.headers.has('x-byom-credential')).toBe(false);
      });
      expect(hit).toEqualMovement({
        ...routeEnded('POST /chat/completions', 200),
        'byom_cache_lookups_total{result="hit"}': 1,
      });
      expect(providerCallsWith(service, user.providerKey ?? '')).toBe(1);
      const rows = await service.database.query(
        `select count(*) as calls from usage_events join users on users.id = user_id
         where users.name = '${user.name}'`,
      );
      expect(rows).toEqual([{ calls: '1' }]);
    },
  );

  test('are off until the user turns them on', integration, async ({ service }) => {
    const user = await newUser(service, { remembers: false });
    for (let call = 0; call < 2; call += 1) {
      service.simulator.script(user.providerKey ?? '', ANSWER);
      expect((await askChat(user)).headers.has('x-byom-cache')).toBe(false);
    }
    expect(providerCallsWith(service, user.providerKey ?? '')).toBe(2);
  });

  test('never reach another user', integration, async ({ service }) => {
    for (const user of [await newUser(service), await newUser(service)]) {
      service.simulator.script(user.providerKey ?? '', ANSWER);
      expect((await askChat(user)).headers.get('x-byom-cache')).toBe('miss');
      expect(providerCallsWith(service, user.providerKey ?? '')).toBe(1);
    }
  });

  test('go with the credential that brought them', integration, async ({ service }) => {
    const user = await newUser(service);
    const api_key = service.newProviderKey();
    const { id } = await storeCredential(user, { api_key, name: 'second' });
    service.simulator.script(api_key, ANSWER);
    expect((await askChat(user, withCredential(id))).status).toBe(200);
    await user.call('DELETE', `/llm-credentials/${id}`);
    expect((await askChat(user, withCredential(id))).status).toBe(404);
  });

  test('are never those of a stream or of an error', integration, async ({ service }) => {
    const user = await newUser(service);
    const key = user.providerKey ?? '';
    service.simulator.script(key, { answer: { kind: 'error', status: 500 } });
    expect((await askChat(user)).status).toBe(500);
    service.simulator.script(key, ANSWER);
    expect((await askChat(user)).headers.get('x-byom-cache')).toBe('miss');
    const body = { model: 'gpt-5.4-nano', stream: true };
    for (let call = 0; call < 2; call += 1) {
      service.simulator.script(key, ANSWER);
      expect((await askChat(user, { body })).headers.has('x-byom-cache')).toBe(false);
    }
    expect(providerCallsWith(service, key)).toBe(4);
  });
});
