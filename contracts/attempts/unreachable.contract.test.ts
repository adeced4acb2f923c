import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { attempted, billed, callEnded, fellBack } from '#contracts/inference/movements.ts';
import { added } from '#contracts/movements.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { Answer, ServiceUser } from '#contracts/testing/service-user.ts';

const GOOGLE = { provider: 'google', model: 'gemini-2.5-flash-lite' } as const;
/** SYSTEM_DEFAULT_MODEL in tally.config.ts. */
const SYSTEM = { provider: 'openai', model: 'gpt-4o-mini' } as const;
const integration = { tags: ['integration'] };
// Nobody listens at the lowest port.
const test = serviceTest({ environment: () => ({ GOOGLE_BASE_URL: 'http://127.0.0.1:1' }) });

function ask(user: ServiceUser): Promise<Answer> {
  const messages = [{ role: 'user', content: 'Hello' }];
  return user.call('POST', '/chat/completions', { model: GOOGLE.model, messages });
}

describe('a provider that cannot be reached', () => {
  test('leaves the call to the system’s model', integration, async ({ service }) => {
    service.simulator.script(service.systemKey, {
      answer: { kind: 'generated', inputTokens: 9, outputTokens: 7 },
    });
    const movement = await service.metrics.during(async () => {
      const answer = await ask(service.newUser({ ownKey: 'google' }));
      expect(answer.status, answer.text).toBe(200);
      expect(answer.headers.get('x-byom-provider')).toBe('openai');
    });
    expect(movement).toEqualMovement(
      added(
        callEnded('chat/completions', { status: 200, outcome: 'success' }),
        attempted(GOOGLE, { outcome: 'error' }),
        fellBack({ from: 'google', to: 'openai', reason: 'unreachable' }),
        attempted(SYSTEM, { outcome: 'success', credential: 'system' }),
        billed(SYSTEM, {
          source: 'provider',
          tokens: { input: 9, output: 7 },
          // 9 × 150,000 + 7 × 600,000
          costPicoUsd: 5_550_000,
        }),
      ),
    );
  });

  test('is told to a user who always uses an own key', integration, async ({ service }) => {
    const user = service.newUser({ ownKey: 'google' });
    await user.call('PATCH', '/user-settings', { always_own_key: true });
    const movement = await service.metrics.during(async () => {
      expect(await ask(user)).toMatchObject({
        status: 502,
        body: { error: { code: 'provider_unreachable' } },
      });
    });
    expect(movement).toEqualMovement({
      ...callEnded('chat/completions', { status: 502, outcome: 'error' }),
      ...attempted(GOOGLE, { outcome: 'error' }),
    });
  });
});
