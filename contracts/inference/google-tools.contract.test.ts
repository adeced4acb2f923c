import OpenAI from 'openai';
import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { ProviderScript } from '#harness/index.ts';
import { attempted, billed, callEnded } from './movements.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };

const MODEL = 'gemini-2.5-flash-lite';
const GOOGLE = { provider: 'google', model: MODEL } as const;
const BILL = {
  source: 'provider',
  tokens: { input: 20, output: 12, reasoning: 5 },
  // 20 × 100,000 + (12 + 5) × 400,000
  costPicoUsd: 8_800_000,
} as const;

const call = (city: string) => ({ functionCall: { name: 'weather', args: { city } } });
const usageMetadata = { promptTokenCount: 20, candidatesTokenCount: 12, thoughtsTokenCount: 5 };
const said = (parts: readonly object[], more: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...more }],
  usageMetadata,
  modelVersion: MODEL,
});
/** Gemini says STOP after its calls, and gives them no ids. */
const FINISHED = { finishReason: 'STOP', finishMessage: 'Model generated function call(s).' };
const THOUGHT = { text: 'Two cities.', thought: true };
const CALLS = [call('Paris'), call('Rome')];

function verbatim(type: string, body: string): ProviderScript {
  return { answer: { kind: 'verbatim', status: 200, headers: { 'content-type': type }, body } };
}

const PLAIN = verbatim('application/json', JSON.stringify(said([THOUGHT, ...CALLS], FINISHED)));
const STREAM = verbatim(
  'text/event-stream',
  [said([THOUGHT]), ...CALLS.map((part) => said([part])), said([{ text: '' }], FINISHED)]
    .map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`)
    .join(''),
);

const body = {
  model: MODEL,
  messages: [{ role: 'user', content: 'How is the weather in Paris and Rome?' }],
  tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
} satisfies Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'stream'>;

const called = (city: string) => ({
  id: expect.stringMatching(/^call_/),
  type: 'function',
  function: expect.objectContaining({ name: 'weather', arguments: JSON.stringify({ city }) }),
});

describe('google: tool calls', () => {
  test.for([
    ['whole', PLAIN],
    ['streamed', STREAM],
  ] as const)(
    '%s are read by OpenAI’s own SDK',
    integration,
    async ([form, script], { service }) => {
      const user = service.newUser({ ownKey: 'google' });
      service.simulator.script(user.providerKey ?? '', script);
      const client = new OpenAI({
        baseURL: service.service.url,
        apiKey: user.serviceKey,
        maxRetries: 0,
      });
      const movement = await service.metrics.during(async () => {
        const completion =
          form === 'whole'
            ? await client.chat.completions.create(body)
            : await client.chat.completions.stream(body).finalChatCompletion();
        const [choice] = completion.choices;
        expect(choice?.finish_reason).toBe('tool_calls');
        expect(choice?.message.tool_calls).toEqual([
          expect.objectContaining(called('Paris')),
          expect.objectContaining(called('Rome')),
        ]);
        const ids = choice?.message.tool_calls?.map(({ id }) => id);
        expect(new Set(ids).size).toBe(2);
      });
      expect(movement).toEqualMovement({
        ...callEnded('chat/completions', { status: 200, outcome: 'success' }),
        ...attempted(GOOGLE, { outcome: 'success', hasContent: form === 'streamed' }),
        ...billed(GOOGLE, BILL),
      });
    },
  );
});
