import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { attempted, billed, callEnded, fellBack, retried } from '#contracts/inference/movements.ts';
import { added } from '#contracts/movements.ts';
import { readSeries, readSummary } from '#contracts/summary/read-summary.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { Answer, ServiceUser } from '#contracts/testing/service-user.ts';
import type { ExpectedMovement, ProviderScript } from '#harness/index.ts';

/** A provider, a model of it, and what 9 input and 7 output tokens of that cost. */
interface Served {
  readonly provider: 'openai' | 'google' | 'anthropic' | 'azure';
  /** As the client names it, where that is not the catalogue's name. */
  readonly asked?: string;
  readonly model: string;
  readonly costPicoUsd: number;
}

const PROVIDERS: readonly Served[] = [
  // 9 × 200,000 + 7 × 1,250,000
  { provider: 'openai', model: 'gpt-5.4-nano', costPicoUsd: 10_550_000 },
  // 9 × 100,000 + 7 × 400,000
  { provider: 'google', model: 'gemini-2.5-flash-lite', costPicoUsd: 3_700_000 },
  // 9 × 1,000,000 + 7 × 5,000,000
  { provider: 'anthropic', model: 'claude-haiku-4-5', costPicoUsd: 44_000_000 },
  // 9 × 150,000 + 7 × 600,000
  { provider: 'azure', asked: 'azure/gpt-4o-mini', model: 'gpt-4o-mini', costPicoUsd: 5_550_000 },
];
const ANSWER: ProviderScript = {
  answer: { kind: 'generated', inputTokens: 9, outputTokens: 7 },
};
const SUCCESS = callEnded('chat/completions', { status: 200, outcome: 'success' });
const integration = { tags: ['integration'] };
const test = serviceTest();

function ask(user: ServiceUser, { asked, model }: Served): Promise<Answer> {
  const messages = [{ role: 'user', content: 'Hello' }];
  return user.call('POST', '/chat/completions', {
    model: asked ?? model,
    max_tokens: 100,
    messages,
  });
}

function bill(served: Served): ExpectedMovement {
  const { costPicoUsd } = served;
  return billed(served, { source: 'provider', tokens: { input: 9, output: 7 }, costPicoUsd });
}

describe.for(PROVIDERS)('$provider', (served) => {
  const { provider } = served;

  test('is paid by the system for a user without a key', integration, async ({ service }) => {
    service.simulator.script(service.systemKeyAt(provider), ANSWER);
    const movement = await service.metrics.during(async () => {
      const answer = await ask(service.newUser(), served);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.headers.get('x-byom-credential')).toBe('system');
    });
    expect(movement).toEqualMovement(
      added(
        SUCCESS,
        fellBack({ from: provider, to: provider, reason: 'no_credential' }),
        attempted(served, { outcome: 'success', credential: 'system' }),
        bill(served),
      ),
    );
  });

  test(
    'is paid by the system while the user’s key is limited',
    integration,
    async ({ service }) => {
      const user = service.newUser({ ownKey: provider });
      service.simulator.script(user.providerKey ?? '', { answer: { kind: 'error', status: 429 } });
      service.simulator.script(service.systemKeyAt(provider), ANSWER);
      const movement = await service.metrics.during(async () => {
        expect((await ask(user, served)).headers.get('x-byom-credential')).toBe('system');
      });
      expect(movement).toEqualMovement(
        added(
          SUCCESS,
          attempted(served, { outcome: 'error' }),
          fellBack({ from: provider, to: provider, reason: 'rate_limited' }),
          attempted(served, { outcome: 'success', credential: 'system' }),
          bill(served),
        ),
      );
    },
  );

  test.for([
    { status: 429, reason: 'rate_limited' },
    { status: 503, reason: 'provider_error' },
  ] as const)(
    'is asked again after $status, when it says so',
    integration,
    async ({ status, reason }, { service }) => {
      const user = service.newUser({ ownKey: provider });
      const busy = { kind: 'error', status, retryAfterSeconds: 0 } as const;
      service.simulator.script(user.providerKey ?? '', { answer: busy }, ANSWER);
      const movement = await service.metrics.during(async () => {
        expect((await ask(user, served)).headers.get('x-byom-credential')).toBe('user');
      });
      expect(movement).toEqualMovement(
        added(
          SUCCESS,
          attempted(served, { outcome: 'error' }),
          retried(provider, reason),
          attempted(served, { outcome: 'success' }),
          bill(served),
        ),
      );
    },
  );

  test('has a score of its own, which a failure lowers', integration, async ({ service }) => {
    const user = service.newUser({ ownKey: provider });
    await user.call('PATCH', '/user-settings', { always_own_key: true });
    const down = { kind: 'error', status: 500, shouldRetry: false } as const;
    service.simulator.script(user.providerKey ?? '', { answer: down });
    const score = `byom_provider_health_score{provider="${provider}"}`;
    await readSummary(service);
    const before = (await readSeries(service, score)) ?? Number.NaN;
    const movement = await service.metrics.during(async () => {
      expect(await ask(user, served)).toMatchObject({ status: 500 });
      await readSummary(service);
    });
    expect(movement).toEqualMovement({
      ...callEnded('chat/completions', { status: 500, outcome: 'error' }),
      ...attempted(served, { outcome: 'error' }),
    });
    expect(await readSeries(service, score)).toBeLessThan(before);
  });
});

describe.for([
  // 9 × 200,000 + 4 × 20,000 + 3 × 200,000 + (7 + 2) × 1,250,000
  { ...PROVIDERS[0], costPicoUsd: 13_730_000 },
  // 9 × 150,000 + 4 × 75,000 + 3 × 150,000 + (7 + 2) × 600,000
  { ...PROVIDERS[3], costPicoUsd: 7_500_000 },
] as readonly Served[])('$provider: the usage', (served) => {
  test('is billed in its classes', integration, async ({ service }) => {
    const user = service.newUser({ ownKey: served.provider });
    service.simulator.script(user.providerKey ?? '', {
      answer: {
        kind: 'generated',
        inputTokens: 9,
        cachedInputTokens: 4,
        cacheWriteTokens: 3,
        outputTokens: 7,
        reasoningTokens: 2,
      },
    });
    const movement = await service.metrics.during(async () => {
      expect(await ask(user, served)).toMatchObject({ status: 200 });
    });
    const tokens = { input: 9, cached_input: 4, cache_write: 3, output: 7, reasoning: 2 };
    const { costPicoUsd } = served;
    expect(movement).toEqualMovement({
      ...SUCCESS,
      ...attempted(served, { outcome: 'success' }),
      ...billed(served, { source: 'provider', tokens, costPicoUsd }),
    });
  });
});
