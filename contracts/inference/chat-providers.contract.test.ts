import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { Answer, ServiceUser } from '#contracts/testing/service-user.ts';
import type { ProviderScript } from '#harness/index.ts';
import { attempted, billed, callEnded } from './movements.ts';
import { readUsageRows } from './usage-rows.ts';

/** A provider that is asked in OpenAI's shape, whatever it speaks itself. */
interface ChatProvider {
  readonly name: string;
  readonly test: ReturnType<typeof serviceTest>;
  readonly provider: 'google' | 'azure';
  /** As the client names it. */
  readonly asked: string;
  /** As the catalogue does. */
  readonly model: string;
  readonly badKeyCode: string;
  /** Of 9 input, 100 cached and 7 output tokens. */
  readonly costPicoUsd: number;
  /** Of a stream that broke off after 3 content events. */
  readonly estimate: Parameters<typeof billed>[1];
}

const ANSWER: ProviderScript = {
  answer: { kind: 'generated', inputTokens: 9, cachedInputTokens: 100, outputTokens: 7 },
};
const TOKENS = { input: 9, cached_input: 100, output: 7 };
const integration = { tags: ['integration'] };
const ENDPOINT = 'chat/completions';

/** Its early chunks report the input, so of a broken stream only the output is estimated. */
const GOOGLE: ChatProvider = {
  name: 'google',
  test: serviceTest(),
  provider: 'google',
  asked: 'gemini-2.5-flash-lite',
  model: 'gemini-2.5-flash-lite',
  badKeyCode: 'invalid_api_key',
  // 9 × 100,000 + 100 × 10,000 + 7 × 400,000
  costPicoUsd: 4_700_000,
  estimate: {
    source: 'estimate',
    tokens: { input: 9, cached_input: 100, output: 3 },
    // 9 × 100,000 + 100 × 10,000 + 3 × 400,000
    costPicoUsd: 3_100_000,
  },
};

/** The SDK that Google has retired keeps the same promises as its successor. */
const RETIRED: ChatProvider = {
  ...GOOGLE,
  name: 'google by generative-ai',
  test: serviceTest({ environment: () => ({ GOOGLE_SDK: 'generative-ai' }) }),
};

const AZURE: ChatProvider = {
  name: 'azure',
  test: GOOGLE.test,
  provider: 'azure',
  asked: 'azure/gpt-4o-mini',
  model: 'gpt-4o-mini',
  badKeyCode: '401',
  // 9 × 150,000 + 100 × 75,000 + 7 × 600,000
  costPicoUsd: 13_050_000,
  estimate: {
    source: 'estimate',
    // The 5 characters of the prompt.
    tokens: { input: 2, output: 3 },
    // 2 × 150,000 + 3 × 600,000
    costPicoUsd: 2_100_000,
  },
};

const PROVIDERS = [GOOGLE, RETIRED, AZURE];

describe.for(PROVIDERS)(
  '$name: chat completions',
  ({ test, provider, asked, model, ...expected }) => {
    const served = { provider, model } as const;
    const bill = { source: 'provider', tokens: TOKENS, costPicoUsd: expected.costPicoUsd } as const;
    const body = { model: asked, messages: [{ role: 'user', content: 'Hello' }] };
    const ask = (user: ServiceUser, more: object = {}): Promise<Answer> =>
      user.call('POST', `/${ENDPOINT}`, { ...body, ...more });
    /** A user whom no system key helps out. */
    const newUser = async (service: RunningService, ...scripts: ProviderScript[]) => {
      const user = service.newUser({ ownKey: provider });
      const key = user.providerKey ?? '';
      service.simulator.script(key, ...scripts);
      await user.call('PATCH', '/user-settings', { always_own_key: true });
      return { ...user, key };
    };

    test('are answered whole', integration, async ({ service }) => {
      const user = await newUser(service, ANSWER);
      const movement = await service.metrics.during(async () => {
        const answer = await ask(user);
        expect(answer.status, answer.text).toBe(200);
        expect(answer.body).toMatchObject({
          object: 'chat.completion',
          choices: [{ message: { role: 'assistant' }, finish_reason: 'stop' }],
          usage: {
            prompt_tokens: 109,
            completion_tokens: 7,
            total_tokens: 116,
            prompt_tokens_details: { cached_tokens: 100 },
          },
        });
        expect(answer.headers.get('x-byom-provider')).toBe(provider);
      });
      expect(movement).toEqualMovement({
        ...callEnded(ENDPOINT, { status: 200, outcome: 'success' }),
        ...attempted(served, { outcome: 'success' }),
        ...billed(served, bill),
      });
      expect(await readUsageRows(service, user)).toMatchObject([
        {
          provider,
          model,
          outcome: 'success',
          provider_status: '200',
          input: '9',
          cached_input: '100',
          output: '7',
          source: 'provider',
          cost_pico_usd: String(bill.costPicoUsd),
        },
      ]);
    });

    test(
      'are streamed, with usage for a client that asks for it',
      integration,
      async ({ service }) => {
        const user = await newUser(service, ANSWER, ANSWER);
        const movement = await service.metrics.during(async () => {
          const answer = await ask(user, { stream: true, stream_options: { include_usage: true } });
          const chunks = chunksOf(answer);
          expect(chunks.filter(hasText)).toHaveLength(7);
          expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 116 } });
          expect(answer.text.endsWith('data: [DONE]\n\n')).toBe(true);
        });
        expect(movement).toEqualMovement({
          ...callEnded(ENDPOINT, { status: 200, outcome: 'success' }),
          ...attempted(served, { outcome: 'success', hasContent: true }),
          ...billed(served, bill),
        });
        expect((await ask(user, { stream: true })).text).not.toContain('total_tokens');
      },
    );

    test('say 401 for a key that the provider does not know', integration, async ({ service }) => {
      const user = await newUser(service);
      const api_key = service.newProviderKey({ provider, known: false });
      const stored = { provider, api_key, name: 'bad', is_default: true };
      expect(await user.call('POST', '/llm-credentials', stored)).toMatchObject({ status: 201 });
      const movement = await service.metrics.during(async () => {
        const answer = await ask(user, { stream: true });
        expect(answer).toMatchObject({
          status: 401,
          body: { error: { code: expected.badKeyCode } },
        });
        expect(answer.text).not.toContain(api_key.slice(-4));
      });
      expect(movement).toEqualMovement({
        ...callEnded(ENDPOINT, { status: 401, outcome: 'error' }),
        ...attempted(served, { outcome: 'error' }),
      });
    });

    test('are asked for again when the provider says when', integration, async ({ service }) => {
      const busy = { kind: 'error', status: 429, retryAfterSeconds: 0 } as const;
      const user = await newUser(service, { answer: busy }, ANSWER);
      const movement = await service.metrics.during(async () => {
        expect((await ask(user)).status).toBe(200);
      });
      expect(movement).toEqualMovement({
        ...callEnded(ENDPOINT, { status: 200, outcome: 'success' }),
        ...attempted(served, { outcome: 'error' }),
        ...attempted(served, { outcome: 'success' }),
        [`gen_ai_client_operation_duration_seconds_count{model="${model}",provider="${provider}"}`]: 2,
        [`byom_provider_retries_total{provider="${provider}",reason="rate_limited"}`]: 1,
        ...billed(served, bill),
      });
      expect(await readUsageRows(service, user)).toMatchObject([
        { attempt: '1', outcome: 'error', provider_status: '429', source: 'none' },
        { attempt: '2', outcome: 'success', provider_status: '200' },
      ]);
    });

    test('are asked for once when the provider gives no hint', integration, async ({ service }) => {
      const user = await newUser(service, { answer: { kind: 'error', status: 503 } });
      const movement = await service.metrics.during(async () => {
        expect(await ask(user)).toMatchObject({ status: 503 });
      });
      expect(movement).toEqualMovement({
        ...callEnded(ENDPOINT, { status: 503, outcome: 'error' }),
        ...attempted(served, { outcome: 'error' }),
      });
    });

    test('end with an error that comes inside the stream', integration, async ({ service }) => {
      const user = await newUser(service, { ...ANSWER, errorAfterContentEvents: 3 });
      const movement = await service.metrics.during(async () => {
        const answer = await ask(user, { stream: true });
        expect(chunksOf(answer).at(-1)).toMatchObject({ error: { type: 'server_error' } });
        expect(answer.text).not.toContain('[DONE]');
      });
      expect(movement).toEqualMovement({
        ...callEnded(ENDPOINT, { status: 200, outcome: 'error' }),
        ...attempted(served, { outcome: 'error', hasContent: true }),
      });
    });

    test('that break off are billed by what came', integration, async ({ service }) => {
      const cut = { cutAfterContentEvents: 3, cutBy: 'end' } as const;
      const user = await newUser(service, { ...ANSWER, ...cut });
      const movement = await service.metrics.during(async () => {
        expect((await ask(user, { stream: true })).text).toContain('provider_cut');
      });
      expect(movement).toEqualMovement({
        ...callEnded(ENDPOINT, { status: 200, outcome: 'error' }),
        ...attempted(served, { outcome: 'cut', hasContent: true }),
        ...billed(served, expected.estimate),
      });
    });

    test('whose client leaves are given up and billed alike', integration, async ({ service }) => {
      const user = await newUser(service, { ...ANSWER, holdAfterContentEvents: 3 });
      const movement = await service.metrics.during(async () => {
        const leaving = new AbortController();
        const response = await fetch(`${service.service.url}/${ENDPOINT}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${user.serviceKey}`,
          },
          body: JSON.stringify({ ...body, stream: true }),
          signal: AbortSignal.any([leaving.signal, AbortSignal.timeout(15_000)]),
        });
        await service.simulator.untilHeld(user.key, 1);
        await readUntil(response, /(?:"content":"[^"][\s\S]*?){3}/);
        leaving.abort();
        await service.simulator.untilQuiet();
      });
      expect(movement).toEqualMovement({
        ...callEnded(ENDPOINT, { status: 499, outcome: 'client_abort' }),
        ...attempted(served, { outcome: 'client_abort', hasContent: true }),
        ...billed(served, expected.estimate),
      });
      expect(service.simulator.ledger.calls.at(-1)).toMatchObject({ end: 'abandoned' });
    });
  },
);

function chunksOf({ text }: Answer): unknown[] {
  const data = [...text.matchAll(/^data: (\{.*)$/gm)];
  return data.map(([, json = '']): unknown => JSON.parse(json));
}

function hasText(chunk: unknown): boolean {
  return /"content":"[^"]/.test(JSON.stringify(chunk));
}

/** Reads the answer until its text so far matches. */
async function readUntil({ body: stream }: Response, pattern: RegExp): Promise<void> {
  let text = '';
  for await (const bytes of (stream ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += bytes;
    if (pattern.test(text)) return;
  }
  throw new Error(`The stream ended before ${pattern}: ${text}`);
}
