import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { routeEnded, usersCached } from '#contracts/movements.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { ANSWER, askChat, chatAnswered, chatRefused, providerCallsWith } from './chat.ts';
import { changed } from './movements.ts';
import { errorBody, listCredentials, storeCredential } from './stored-credential.ts';

const test = serviceTest({ mode: 'production' });
const integration = { tags: ['integration'] };

/** The same movement for a user whom production has just looked up and remembers. */
function remembered(movement: Readonly<Record<string, number>>): Record<string, number> {
  const { 'byom_user_lookups_total{source="database"}': times = 0, ...rest } = movement;
  return { ...rest, ...usersCached(times) };
}

describe('in production, where a user is remembered for a moment', () => {
  test('a credential is created, listed and used', integration, async ({ service }) => {
    const user = service.newUser();
    const api_key = service.newProviderKey();
    service.simulator.script(api_key, ANSWER);
    expect(await listCredentials(user)).toEqual([]);
    const creation = await service.metrics.during(() => storeCredential(user, { api_key }));
    expect(creation).toEqualMovement(
      remembered({ ...routeEnded('POST /llm-credentials', 201), ...changed('created') }),
    );
    const call = await service.metrics.during(async () => {
      expect((await askChat(user)).status).toBe(200);
    });
    expect(call).toEqualMovement(remembered(chatAnswered('user')));
  });

  test('a deleted credential is refused at once', integration, async ({ service }) => {
    const user = service.newUser();
    const api_key = service.newProviderKey();
    const { id } = await storeCredential(user, { api_key });
    service.simulator.script(api_key, ANSWER);
    // First, because whose settings change is forgotten.
    await user.call('PATCH', '/user-settings', { always_own_key: true });
    expect((await askChat(user)).status).toBe(200);
    await user.call('DELETE', `/llm-credentials/${id}`);
    const movement = await service.metrics.during(async () => {
      expect(await askChat(user)).toMatchObject({ status: 400, body: errorBody('no_credential') });
    });
    expect(movement).toEqualMovement(remembered(chatRefused(400)));
    expect(providerCallsWith(service, api_key)).toBe(1);
  });

  test('two users who are both remembered stay apart', integration, async ({ service }) => {
    const [one, other] = [service.newUser(), service.newUser()];
    const stored = await storeCredential(one, { api_key: service.newProviderKey() });
    expect(await listCredentials(other)).toEqual([]);
    const movement = await service.metrics.during(async () => {
      const answer = await other.call('GET', `/llm-credentials/${stored.id}`);
      expect(answer).toMatchObject({ status: 404, body: errorBody('credential_not_found') });
    });
    expect(movement).toEqualMovement(remembered(routeEnded('GET /llm-credentials/:id', 404)));
  });
});
