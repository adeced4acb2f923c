import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { added, routeEnded } from '#contracts/movements.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { changed } from './movements.ts';

const test = serviceTest();

/** Those of openai are a scenario. */
describe.for(['google', 'anthropic', 'azure'] as const)('%s', (provider) => {
  test('counts every change of a credential as its own', {
    tags: ['integration'],
  }, async ({ service }) => {
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
});
