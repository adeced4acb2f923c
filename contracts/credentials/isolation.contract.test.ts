import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { routeEnded } from '#contracts/movements.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { errorBody, listCredentials, storeCredential } from './stored-credential.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };

/** Every route with an id, with a body that would be accepted from the owner. */
const ROUTES = [
  ['GET', '', undefined],
  ['PATCH', '', { name: 'taken' }],
  ['DELETE', '', undefined],
  ['PUT', '/default', undefined],
  ['PUT', '/key', { api_key: 'sk-tally-0123456789abcdef' }],
  ['POST', '/validate', undefined],
] as const;

describe("another user's credential", () => {
  test.for(ROUTES)(
    'answers 404 to %s /llm-credentials/:id%s',
    integration,
    async ([method, path, body], { service }) => {
      const owner = service.newUser();
      const intruder = service.newUser();
      const stored = await storeCredential(owner, { api_key: service.newProviderKey() });
      const movement = await service.metrics.during(async () => {
        const answer = await intruder.call(method, `/llm-credentials/${stored.id}${path}`, body);
        expect(answer).toMatchObject({ status: 404, body: errorBody('credential_not_found') });
      });
      expect(movement).toEqualMovement(routeEnded(`${method} /llm-credentials/:id${path}`, 404));
      expect(await listCredentials(owner)).toEqual([stored]);
    },
  );

  test('is in nobody else’s list', integration, async ({ service }) => {
    await storeCredential(service.newUser(), { api_key: service.newProviderKey() });
    expect(await listCredentials(service.newUser())).toEqual([]);
  });

  test.for(['0', 'default', '\0', "' or 1=1 --", 'a'.repeat(90)])(
    'is not found by the id %j either',
    integration,
    async (id, { service }) => {
      const path = `/llm-credentials/${encodeURIComponent(id)}`;
      const answer = await service.newUser().call('GET', path);
      expect(answer.status, answer.text).toBe(404);
    },
  );
});

describe("another user's settings", () => {
  test('stay as they are', integration, async ({ service }) => {
    const [one, other] = [service.newUser(), service.newUser()];
    const movement = await service.metrics.during(async () => {
      await one.call('PATCH', '/user-settings', { always_own_key: true });
      const answer = await other.call('GET', '/user-settings');
      expect(answer).toMatchObject({ status: 200, body: { always_own_key: false } });
    });
    expect(movement).toEqualMovement({
      ...routeEnded('PATCH /user-settings', 200),
      ...routeEnded('GET /user-settings', 200),
      'byom_user_lookups_total{source="database"}': 2,
    });
  });
});
