import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { routeEnded } from '#contracts/movements.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { Answer, ServiceUser } from '#contracts/testing/service-user.ts';
import type { ProviderScript } from '#harness/index.ts';
import { attempted, billed, callEnded } from './movements.ts';
import { readUsageRows } from './usage-rows.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };

const MODEL = 'claude-haiku-4-5';
const CLAUDE = { provider: 'anthropic', model: MODEL } as const;
const ANSWER: ProviderScript = {
  answer: {
    kind: 'generated',
    inputTokens: 9,
    cachedInputTokens: 100,
    cacheWriteTokens: 20,
    outputTokens: 7,
  },
};
const BILL = {
  source: 'provider',
  tokens: { input: 9, cached_input: 100, cache_write: 20, output: 7 },
  // 9 × 1,000,000 + 100 × 100,000 + 20 × 1,250,000 + 7 × 5,000,000
  costPicoUsd: 79_000_000,
} as const;

const body = { model: MODEL, max_tokens: 64, messages: [{ role: 'user', content: 'Hello' }] };

function ask(user: ServiceUser, more: object = {}): Promise<Answer> {
  return user.call('POST', '/messages', { ...body, ...more });
}

/** A user whose provider's errors no system key answers instead. */
async function newOwnKeyUser(service: RunningService): Promise<ServiceUser & { key: string }> {
  const user = service.newUser({ ownKey: 'anthropic' });
  await user.call('PATCH', '/user-settings', { always_own_key: true });
  return { ...user, key: user.providerKey ?? '' };
}

function scripted(service: RunningService, script: ProviderScript = ANSWER): ServiceUser {
  const user = service.newUser({ ownKey: 'anthropic' });
  service.simulator.script(user.providerKey ?? '', script);
  return user;
}

describe('POST /messages', () => {
  test('answers with the message of Anthropic', integration, async ({ service }) => {
    const user = scripted(service);
    const movement = await service.metrics.during(async () => {
      const answer = await ask(user);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body).toMatchObject({
        id: expect.stringMatching(/^msg_/),
        type: 'message',
        usage: { input_tokens: 9, cache_read_input_tokens: 100, output_tokens: 7 },
      });
      expect(answer.headers.get('x-byom-provider')).toBe('anthropic');
    });
    expect(movement).toEqualMovement({
      ...callEnded('messages', { status: 200, outcome: 'success' }),
      ...attempted(CLAUDE, { outcome: 'success' }),
      ...billed(CLAUDE, BILL),
    });
    expect(await readUsageRows(service, user)).toEqual([
      {
        endpoint: 'messages',
        provider: 'anthropic',
        model: MODEL,
        model_served: 'claude-haiku-4-5-20251001',
        outcome: 'success',
        is_stream: 'f',
        provider_status: '200',
        input: '9',
        cached_input: '100',
        cache_write: '20',
        output: '7',
        reasoning: '0',
        source: 'provider',
        cost_pico_usd: '79000000',
        attempt: '1',
      },
    ]);
  });

  test(
    'streams the events of Anthropic, and ends with the recorded usage',
    integration,
    async ({ service }) => {
      const user = scripted(service);
      const movement = await service.metrics.during(async () => {
        const { text, headers } = await ask(user, { stream: true });
        expect(headers.get('content-type')).toContain('text/event-stream');
        expect([...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)).toEqual([
          'message_start',
          'content_block_start',
          'ping',
          ...Array.from({ length: 7 }, () => 'content_block_delta'),
          'content_block_stop',
          'message_delta',
          'message_stop',
        ]);
      });
      expect(movement).toEqualMovement({
        ...callEnded('messages', { status: 200, outcome: 'success' }),
        ...attempted(CLAUDE, { outcome: 'success', hasContent: true }),
        ...billed(CLAUDE, BILL),
      });
      expect(await readUsageRows(service, user)).toMatchObject([
        { is_stream: 't', output: '7', source: 'provider', cost_pico_usd: '79000000' },
      ]);
    },
  );

  test(
    'refuses a body without a limit in the shape of Anthropic',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const movement = await service.metrics.during(async () => {
        const answer = await ask(user, { max_tokens: undefined });
        expect(answer.status).toBe(400);
        expect(answer.body).toEqual({
          type: 'error',
          error: {
            type: 'invalid_request_error',
            message: expect.stringContaining('max_tokens'),
          },
          request_id: answer.headers.get('x-request-id'),
        });
      });
      expect(movement).toEqualMovement(routeEnded('POST /messages', 400));
    },
  );
});

describe('an error of Anthropic', () => {
  const cases = [
    [401, 'authentication_error', {}],
    [413, 'request_too_large', {}],
    [429, 'rate_limit_error', { retryAfterSeconds: 41, shouldRetry: true }],
    [529, 'overloaded_error', { shouldRetry: false }],
  ] as const;
  test.for(cases)(
    '%i reaches the client as %s and costs nothing',
    integration,
    async ([status, type, hints], { service }) => {
      const user = await newOwnKeyUser(service);
      service.simulator.script(user.key, { answer: { kind: 'error', status, ...hints } });
      const movement = await service.metrics.during(async () => {
        const answer = await ask(user, { stream: true });
        expect(answer).toMatchObject({ status, body: { type: 'error', error: { type } } });
        expect(answer.headers.get('retry-after')).toBe(status === 429 ? '41' : null);
      });
      expect(movement).toEqualMovement({
        ...callEnded('messages', { status, outcome: 'error' }),
        ...attempted(CLAUDE, { outcome: 'error' }),
      });
      expect(await readUsageRows(service, user)).toMatchObject([
        { outcome: 'error', provider_status: String(status), source: 'none', cost_pico_usd: '0' },
      ]);
    },
  );

  test('that says "retry" is followed by another attempt', integration, async ({ service }) => {
    const user = scripted(service, {
      answer: { kind: 'error', status: 529, retryAfterSeconds: 0, shouldRetry: true },
    });
    service.simulator.script(user.providerKey ?? '', ANSWER);
    const movement = await service.metrics.during(async () => {
      expect(await ask(user)).toMatchObject({ status: 200 });
    });
    const duration = `gen_ai_client_operation_duration_seconds_count{model="${MODEL}",provider="anthropic"}`;
    expect(movement).toEqualMovement({
      ...callEnded('messages', { status: 200, outcome: 'success' }),
      ...attempted(CLAUDE, { outcome: 'error' }),
      ...attempted(CLAUDE, { outcome: 'success' }),
      [duration]: 2,
      'byom_provider_retries_total{provider="anthropic",reason="provider_error"}': 1,
      ...billed(CLAUDE, BILL),
    });
    expect(await readUsageRows(service, user)).toMatchObject([
      { attempt: '1', outcome: 'error', provider_status: '529' },
      { attempt: '2', outcome: 'success', provider_status: '200' },
    ]);
  });

  test(
    'inside a stream ends it with that error, without the end of a message',
    integration,
    async ({ service }) => {
      const user = scripted(service, { ...ANSWER, errorAfterContentEvents: 3 });
      const movement = await service.metrics.during(async () => {
        const { status, text } = await ask(user, { stream: true });
        expect(status).toBe(200);
        expect(text).toContain('event: error\ndata: {"type":"error","error":{"type":"');
        expect(text).not.toMatch(/message_delta|message_stop|\[DONE\]/);
      });
      expect(movement).toEqualMovement({
        ...callEnded('messages', { status: 200, outcome: 'error' }),
        ...attempted(CLAUDE, { outcome: 'error', hasContent: true }),
      });
    },
  );
});

describe('a stream that breaks off', () => {
  // 5 characters are estimated as 2 tokens, but the start has reported the input.
  const ESTIMATE = {
    source: 'estimate',
    tokens: { input: 9, cached_input: 100, cache_write: 20, output: 3 },
    // 9 × 1,000,000 + 100 × 100,000 + 20 × 1,250,000 + 3 × 5,000,000
    costPicoUsd: 59_000_000,
  } as const;

  test(
    'is billed as the start reported it and the deltas were received',
    integration,
    async ({ service }) => {
      const user = scripted(service, { ...ANSWER, cutAfterContentEvents: 3 });
      const movement = await service.metrics.during(async () => {
        const { text } = await ask(user, { stream: true });
        expect(text).toContain('event: error\n');
        expect(text).not.toContain('message_stop');
      });
      expect(movement).toEqualMovement({
        ...callEnded('messages', { status: 200, outcome: 'error' }),
        ...attempted(CLAUDE, { outcome: 'cut', hasContent: true }),
        ...billed(CLAUDE, ESTIMATE),
      });
    },
  );

  test('because the client leaves is billed alike', integration, async ({ service }) => {
    const user = scripted(service, { ...ANSWER, holdAfterContentEvents: 3 });
    const key = user.providerKey ?? '';
    const movement = await service.metrics.during(async () => {
      const leaving = new AbortController();
      const response = await fetch(`${service.service.url}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': user.serviceKey },
        body: JSON.stringify({ ...body, stream: true }),
        signal: AbortSignal.any([leaving.signal, AbortSignal.timeout(15_000)]),
      });
      expect(response.status).toBe(200);
      await expect.poll(() => service.simulator.held(key)).toBe(1);
      await readDeltas(response, 3);
      leaving.abort();
      await service.simulator.untilQuiet();
    });
    expect(movement).toEqualMovement({
      ...callEnded('messages', { status: 499, outcome: 'client_abort' }),
      ...attempted(CLAUDE, { outcome: 'client_abort', hasContent: true }),
      ...billed(CLAUDE, ESTIMATE),
    });
    expect(await readUsageRows(service, user)).toMatchObject([
      { outcome: 'client_abort', input: '9', output: '3', source: 'estimate' },
    ]);
  });
});

/** Reads the answer until so many deltas have come. */
async function readDeltas({ body: stream }: Response, deltas: number): Promise<void> {
  let text = '';
  for await (const bytes of (stream ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += bytes;
    if (text.split('event: content_block_delta').length > deltas) return;
  }
  throw new Error(`The stream ended too early: ${text}`);
}
