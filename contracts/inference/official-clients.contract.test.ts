import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { ServiceUser } from '#contracts/testing/service-user.ts';
import type { ProviderScript } from '#harness/index.ts';
import { attempted, billed, callEnded } from './movements.ts';
import { readUsageRows } from './usage-rows.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };

const CLAUDE = { provider: 'anthropic', model: 'claude-haiku-4-5' } as const;
const GPT = { provider: 'openai', model: 'gpt-5.4-nano' } as const;
const ANSWER: ProviderScript = {
  answer: { kind: 'generated', inputTokens: 9, cachedInputTokens: 100, outputTokens: 7 },
};
const TOKENS = { input: 9, cached_input: 100, output: 7 };
const question = { role: 'user', content: 'Where is it warmer?' } as const;

function userOf(
  service: RunningService,
  provider: 'openai' | 'anthropic',
  script: ProviderScript,
): ServiceUser {
  const user = service.newUser({ ownKey: provider });
  service.simulator.script(user.providerKey ?? '', script);
  return user;
}

const options = { maxRetries: 0, timeout: 15_000 };

function openAiOf({ service }: RunningService, { serviceKey }: ServiceUser): OpenAI {
  return new OpenAI({ ...options, apiKey: serviceKey, baseURL: service.url });
}

function anthropicOf({ service }: RunningService, { serviceKey }: ServiceUser): Anthropic {
  return new Anthropic({ ...options, apiKey: serviceKey, baseURL: service.url });
}

/** A stream of the provider, of events that it has sent with these names and data. */
function recorded(events: readonly object[], end: string): ProviderScript {
  const body = events.map((data) => {
    const name = 'type' in data ? `event: ${String(data.type)}\n` : '';
    return `${name}data: ${JSON.stringify(data)}\n\n`;
  });
  const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
  return { answer: { kind: 'verbatim', status: 200, headers, body: body.join('') + end } };
}

async function readAll<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('the client of OpenAI', () => {
  const messages = [question];
  const model = CLAUDE.model;
  const bill = {
    source: 'provider',
    tokens: { ...TOKENS, cache_write: 0 },
    // 9 × 1,000,000 + 100 × 100,000 + 7 × 5,000,000
    costPicoUsd: 54_000_000,
  } as const;

  test('reads an answer of a Claude model', integration, async ({ service }) => {
    const user = userOf(service, 'anthropic', ANSWER);
    const movement = await service.metrics.during(async () => {
      const answer = await openAiOf(service, user).chat.completions.create({ model, messages });
      expect(answer.id).toMatch(/^chatcmpl-/);
      expect(answer.choices[0]).toMatchObject({
        message: { role: 'assistant', content: expect.stringContaining(' ') },
        finish_reason: 'stop',
      });
      expect(answer.usage).toMatchObject({
        prompt_tokens: 109,
        completion_tokens: 7,
        total_tokens: 116,
        prompt_tokens_details: { cached_tokens: 100 },
      });
    });
    expect(movement).toEqualMovement({
      ...callEnded('chat/completions', { status: 200, outcome: 'success' }),
      ...attempted(CLAUDE, { outcome: 'success' }),
      ...billed(CLAUDE, bill),
    });
    expect(await readUsageRows(service, user)).toMatchObject([
      { endpoint: 'chat/completions', provider: 'anthropic', cached_input: '100' },
    ]);
  });

  test.for([true, false])(
    'reads a stream of a Claude model, with usage: %s',
    integration,
    async (include_usage, { service }) => {
      const user = userOf(service, 'anthropic', ANSWER);
      const movement = await service.metrics.during(async () => {
        const stream = await openAiOf(service, user).chat.completions.create({
          model,
          messages,
          stream: true,
          stream_options: { include_usage },
        });
        const chunks = await readAll(stream);
        const deltas = chunks.flatMap(({ choices }) => choices);
        expect(deltas.filter(({ delta }) => delta.content)).toHaveLength(7);
        expect(deltas.at(-1)?.finish_reason).toBe('stop');
        expect(chunks.map(({ usage }) => usage?.total_tokens).filter(Boolean)).toEqual(
          include_usage ? [116] : [],
        );
      });
      expect(movement).toEqualMovement({
        ...callEnded('chat/completions', { status: 200, outcome: 'success' }),
        ...attempted(CLAUDE, { outcome: 'success', hasContent: true }),
        ...billed(CLAUDE, bill),
      });
    },
  );

  test(
    'puts the calls of two tools of a Claude model together',
    integration,
    async ({ service }) => {
      const used = (index: number, name: string, parts: readonly string[]) => [
        {
          type: 'content_block_start',
          index,
          content_block: { type: 'tool_use', id: `toolu_${name}`, name, input: {} },
        },
        ...parts.map((partial_json) => ({
          type: 'content_block_delta',
          index,
          delta: { type: 'input_json_delta', partial_json },
        })),
        { type: 'content_block_stop', index },
      ];
      const usage = { input_tokens: 5, output_tokens: 9 };
      const user = userOf(
        service,
        'anthropic',
        recorded(
          [
            { type: 'message_start', message: { id: 'msg_1', model, usage } },
            ...used(0, 'first', ['', '{"city":', ' "Łódź"}']),
            ...used(1, 'second', ['']),
            { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage },
          ],
          'event: message_stop\ndata: {"type":"message_stop"}\n\n',
        ),
      );
      const stream = openAiOf(service, user).chat.completions.stream({ model, messages });
      const { choices } = await stream.finalChatCompletion();
      expect(choices[0]).toMatchObject({
        finish_reason: 'tool_calls',
        message: {
          tool_calls: [
            { id: 'toolu_first', function: { name: 'first', arguments: '{"city": "Łódź"}' } },
            { id: 'toolu_second', function: { name: 'second', arguments: '{}' } },
          ],
        },
      });
    },
  );

  test(
    'is told of an error inside the stream of a Claude model',
    integration,
    async ({ service }) => {
      const user = userOf(service, 'anthropic', { ...ANSWER, errorAfterContentEvents: 2 });
      const movement = await service.metrics.during(async () => {
        const stream = await openAiOf(service, user).chat.completions.create({
          model,
          messages,
          stream: true,
        });
        await expect(readAll(stream)).rejects.toThrow(OpenAI.APIError);
      });
      expect(movement).toEqualMovement({
        ...callEnded('chat/completions', { status: 200, outcome: 'error' }),
        ...attempted(CLAUDE, { outcome: 'error', hasContent: true }),
      });
    },
  );

  test('is refused what Anthropic cannot be told', integration, async ({ service }) => {
    const asked = openAiOf(service, service.newUser({ ownKey: 'anthropic' }));
    const refused = asked.chat.completions.create({ model, messages, n: 2 });
    await expect(refused).rejects.toMatchObject({ status: 400, param: 'n', code: 'invalid_body' });
  });
});

describe('the client of Anthropic', () => {
  const messages = [question];
  const asked = { model: GPT.model, max_tokens: 64, messages };
  const bill = {
    source: 'provider',
    tokens: TOKENS,
    // 9 × 200,000 + 100 × 20,000 + 7 × 1,250,000
    costPicoUsd: 12_550_000,
  } as const;

  test('reads an answer of a GPT model', integration, async ({ service }) => {
    const user = userOf(service, 'openai', ANSWER);
    const movement = await service.metrics.during(async () => {
      const message = await anthropicOf(service, user).messages.create(asked);
      expect(message).toMatchObject({
        id: expect.stringMatching(/^msg_/),
        content: [{ type: 'text', text: expect.stringContaining(' ') }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 9, cache_read_input_tokens: 100, output_tokens: 7 },
      });
    });
    expect(movement).toEqualMovement({
      ...callEnded('messages', { status: 200, outcome: 'success' }),
      ...attempted(GPT, { outcome: 'success' }),
      ...billed(GPT, bill),
    });
    expect(await readUsageRows(service, user)).toMatchObject([
      { endpoint: 'messages', provider: 'openai', cached_input: '100' },
    ]);
  });

  test('reads a stream of a GPT model', integration, async ({ service }) => {
    const user = userOf(service, 'openai', ANSWER);
    const movement = await service.metrics.during(async () => {
      const message = await anthropicOf(service, user).messages.stream(asked).finalMessage();
      expect(message).toMatchObject({
        content: [{ type: 'text', text: expect.stringContaining(' ') }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 9, cache_read_input_tokens: 100, output_tokens: 7 },
      });
    });
    expect(movement).toEqualMovement({
      ...callEnded('messages', { status: 200, outcome: 'success' }),
      ...attempted(GPT, { outcome: 'success', hasContent: true }),
      ...billed(GPT, bill),
    });
  });

  test(
    'puts the mixed calls of two tools of a GPT model together',
    integration,
    async ({ service }) => {
      const chunk = (delta: object, finish_reason: string | null = null) => ({
        id: 'chatcmpl-1',
        model: GPT.model,
        choices: [{ index: 0, delta, finish_reason }],
      });
      const opened = (index: number, name: string) =>
        chunk({ tool_calls: [{ index, id: `call_${name}`, function: { name, arguments: '' } }] });
      const wrote = (index: number, text: string) =>
        chunk({ tool_calls: [{ index, function: { arguments: text } }] });
      const user = userOf(
        service,
        'openai',
        recorded(
          [
            chunk({ role: 'assistant', content: null }),
            opened(0, 'first'),
            wrote(0, '{"city":'),
            opened(1, 'second'),
            wrote(1, '{"n": 1}'),
            wrote(0, ' "Łódź"}'),
            chunk({}, 'tool_calls'),
          ],
          'data: [DONE]\n\n',
        ),
      );
      const message = await anthropicOf(service, user).messages.stream(asked).finalMessage();
      expect(message).toMatchObject({
        stop_reason: 'tool_use',
        content: [
          { type: 'tool_use', id: 'call_first', name: 'first', input: { city: 'Łódź' } },
          { type: 'tool_use', id: 'call_second', name: 'second', input: { n: 1 } },
        ],
      });
    },
  );

  test('is told of an error inside the stream of a GPT model', integration, async ({ service }) => {
    const user = userOf(service, 'openai', { ...ANSWER, errorAfterContentEvents: 2 });
    const movement = await service.metrics.during(async () => {
      const answer = anthropicOf(service, user).messages.stream(asked).finalMessage();
      await expect(answer).rejects.toThrow(Anthropic.APIError);
    });
    expect(movement).toEqualMovement({
      ...callEnded('messages', { status: 200, outcome: 'error' }),
      ...attempted(GPT, { outcome: 'error', hasContent: true }),
    });
  });

  test('is told of a bad service key as by Anthropic', integration, async ({ service }) => {
    const stranger = { ...service.newUser(), serviceKey: 'sk-unknown' };
    const refused = anthropicOf(service, stranger).messages.create(asked);
    await expect(refused).rejects.toThrow(Anthropic.AuthenticationError);
  });
});
