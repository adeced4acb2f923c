import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { routeEnded } from '#contracts/movements.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { Answer, ServiceUser } from '#contracts/testing/service-user.ts';
import type { ProviderScript } from '#harness/index.ts';

const LIMIT_HEADERS = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'];

const test = serviceTest({
  environment: () => ({ RATE_LIMIT_PER_MINUTE: '5', STREAMS_PER_USER: '1' }),
});
const integration = { tags: ['integration'] };

const HELD: ProviderScript = {
  answer: { kind: 'generated', inputTokens: 9, outputTokens: 3 },
  holdAfterContentEvents: 1,
};

function stream(user: ServiceUser) {
  return user.call('POST', '/chat/completions', {
    model: 'gpt-5.4-nano',
    stream: true,
    messages: [{ role: 'user', content: 'Name three witnesses' }],
  });
}

describe('the rate limit', () => {
  test(
    'counts for each user alone, refuses what is over it and says when to come again',
    integration,
    async ({ service }) => {
      const [user, other] = [service.newUser(), service.newUser()];
      const answers: Answer[] = [];
      const movement = await service.metrics.during(async () => {
        for (let call = 0; call < 6; call += 1)
          answers.push(await user.call('GET', '/user-settings'));
      });
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
      const remaining = answers.map(({ headers }) => headers.get('x-ratelimit-remaining'));
      expect(remaining).toEqual(['4', '3', '2', '1', '0', '0']);
      const last = answers.at(-1);
      expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(last?.body).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
      expect(movement).toEqualMovement({
        ...routeEnded('GET /user-settings', 200, 5),
        'http_requests_total{method="GET",route="/user-settings",status="429"}': 1,
        'http_request_duration_seconds_count{method="GET",route="/user-settings"}': 6,
        'byom_user_lookups_total{source="database"}': 6,
        'byom_limited_requests_total{limit="rate"}': 1,
      });
      expect((await other.call('GET', '/user-settings')).status).toBe(200);
    },
  );

  test(
    'is told only to a user whom the database knows',
    integration,
    async ({ service: { service, ...running } }) => {
      const known = await running.newUser().call('GET', '/user-settings');
      expect(LIMIT_HEADERS.map((name) => known.headers.has(name))).toEqual([true, true, true]);
      for (const headers of [{}, { authorization: 'Bearer sk-nobody-has-this-key' }]) {
        const unknown = await fetch(`${service.url}/user-settings`, { headers });
        expect(unknown.status).toBe(401);
        expect(LIMIT_HEADERS.filter((name) => unknown.headers.has(name))).toEqual([]);
      }
    },
  );
});

describe('the limit of streams', () => {
  test(
    'refuses one more while the user’s is open, and asks no provider for it',
    integration,
    async ({ service }) => {
      const user = service.newUser({ ownKey: 'openai' });
      const key = user.providerKey ?? '';
      service.simulator.script(key, HELD);
      const open = stream(user);
      await service.simulator.untilHeld(key, 1);
      const refused = await stream(user);
      expect(refused).toMatchObject({
        status: 429,
        body: { error: { code: 'rate_limit_exceeded' } },
      });
      service.simulator.release(key);
      expect((await open).status).toBe(200);
      service.simulator.script(key, { answer: HELD.answer });
      expect((await stream(user)).status).toBe(200);
      const text = await (await fetch(`${service.service.url}/metrics`)).text();
      expect(text).toContain('byom_limited_requests_total{limit="streams"} 1\n');
    },
  );
});
