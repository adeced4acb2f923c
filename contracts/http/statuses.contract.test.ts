import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { attempted, callEnded } from '#contracts/inference/movements.ts';
import { routeEnded } from '#contracts/movements.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };
const NANO = { provider: 'openai', model: 'gpt-5.4-nano' } as const;

describe('a request to no route', () => {
  test.for([
    ['GET', 'GET'],
    ['HEAD', 'HEAD'],
    ['OPTIONS', 'OPTIONS'],
    ['PUT', 'PUT'],
    ['PROPFIND', 'OTHER'],
  ] as const)(
    'is counted without its path, %s as %s',
    integration,
    async ([method, counted], { service }) => {
      const { url } = service.service;
      const movement = await service.metrics.during(async () => {
        const signal = AbortSignal.timeout(15_000);
        const answer = await fetch(`${url}/no/such/route`, { method, signal });
        expect(answer.status).toBe(404);
        await answer.body?.cancel();
      });
      const labels = `method="${counted}",route="unknown"`;
      expect(movement).toEqualMovement({
        [`http_requests_total{${labels},status="404"}`]: 1,
        [`http_request_duration_seconds_count{${labels}}`]: 1,
      });
    },
  );
});

describe('a request that cannot be read', () => {
  test('is counted at its route with 415', integration, async ({ service }) => {
    const user = service.newUser();
    const movement = await service.metrics.during(async () => {
      const headers = { 'content-type': 'text/csv' };
      expect(await user.call('POST', '/chat/completions', 'a,b', { headers })).toMatchObject({
        status: 415,
      });
    });
    expect(movement).toEqualMovement(routeEnded('POST /chat/completions', 415));
  });
});

describe('a provider’s own word', () => {
  test.for([403, 408, 503, 504])(
    '%d is handed on and counted',
    integration,
    async (status, { service }) => {
      const user = service.newUser({ ownKey: 'openai' });
      await user.call('PATCH', '/user-settings', { always_own_key: true });
      service.simulator.script(user.providerKey ?? '', { answer: { kind: 'error', status } });
      const movement = await service.metrics.during(async () => {
        const messages = [{ role: 'user', content: 'Hello' }];
        const answer = await user.call('POST', '/chat/completions', {
          model: NANO.model,
          messages,
        });
        expect(answer.status, answer.text).toBe(status);
      });
      expect(movement).toEqualMovement({
        ...callEnded('chat/completions', { status, outcome: 'error' }),
        ...attempted(NANO, { outcome: 'error' }),
      });
    },
  );
});
