import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { added, routeEnded } from '#contracts/movements.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { changed, unreadable, validated } from './movements.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };

/** What openai's move is in the other files and in scenarios. */
describe.for(['google', 'anthropic', 'azure'] as const)('%s', (provider) => {
  test('counts every change of a credential as its own', integration, async ({ service }) => {
    const user = service.newUser();
    const movement = await service.metrics.during(async () => {
      const [api_key, other] = [
        service.newProviderKey({ provider }),
        service.newProviderKey({ provider }),
      ];
      const stored = await user.call('POST', '/llm-credentials', { provider, api_key });
      expect(stored.status, stored.text).toBe(201);
      const path = `/llm-credentials/${(stored.body as { id: string }).id}`;
      const statuses = [
        await user.call('PATCH', path, { name: 'renamed' }),
        await user.call('PUT', `${path}/key`, { api_key: other }),
        await user.call('PUT', `${path}/default`),
        await user.call('DELETE', path),
      ].map(({ status }) => status);
      expect(statuses).toEqual([200, 200, 200, 204]);
    });
    expect(movement).toEqualMovement(
      added(
        routeEnded('POST /llm-credentials', 201),
        changed('created', provider),
        routeEnded('PATCH /llm-credentials/:id', 200),
        changed('updated', provider),
        routeEnded('PUT /llm-credentials/:id/key', 200),
        changed('key_replaced', provider),
        routeEnded('PUT /llm-credentials/:id/default', 200),
        changed('made_default', provider),
        routeEnded('DELETE /llm-credentials/:id', 204),
        changed('deleted', provider),
      ),
    );
  });

  test.for([
    ['valid', true, 200],
    ['invalid', false, 200],
    ['could_not_ask', true, 500],
  ] as const)(
    'counts a key that is %s as its own',
    integration,
    async ([result, known, status], { service }) => {
      const user = service.newUser();
      const api_key = service.newProviderKey({ provider, known });
      if (status !== 200)
        service.simulator.script(api_key, {
          answer: { kind: 'error', status, shouldRetry: false },
        });
      const movement = await service.metrics.during(async () => {
        const answer = await user.call('POST', '/llm-credentials/validate', { provider, api_key });
        expect(answer.body, answer.text).toMatchObject({ result });
      });
      expect(movement).toEqualMovement({
        ...routeEnded('POST /llm-credentials/validate', 200),
        ...validated(result, provider),
      });
    },
  );
});

describe('a row that cannot be decrypted', () => {
  test.for([
    ['google', 'google'],
    ['anthropic', 'anthropic'],
    ['azure', 'azure'],
    // A provider that the service no longer has, or never had.
    ['elsewhere', 'other'],
  ] as const)('of %s is counted as of %s', integration, async ([named, counted], { service }) => {
    const user = service.newUser({ ownKey: 'google' });
    await service.database.query(
      `update credentials set provider = '${named}', nonce = nonce || '\\x00'::bytea
       from users where users.id = user_id and users.name = '${user.name}'`,
    );
    const movement = await service.metrics.during(async () => {
      expect(await user.call('GET', '/llm-credentials')).toMatchObject({
        status: 200,
        body: { data: [{ status: 'unreadable', masked_key: null }] },
      });
    });
    expect(movement).toEqualMovement({
      ...routeEnded('GET /llm-credentials', 200),
      ...unreadable(counted),
    });
  });
});
