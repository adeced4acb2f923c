import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { Matchers, PactV4 } from '@pact-foundation/pact';
import OpenAI from 'openai';
import { afterAll, describe, expect, test } from 'vitest';
import { credentialExpectations } from './client-credentials.ts';
import { inferenceExpectations as expected, MESSAGES } from './client-inference.ts';
import { SERVICE_KEY } from './client-requests.ts';
import { startEventStreamProxy } from './event-stream-proxy.ts';
import { type Expectation, meetExpectation } from './expectation.ts';
import { PACTS, readPact, toCommitted } from './pact-files.ts';

const { reify } = Matchers;
const NAME = 'byom-client-byom-service';
const options = { maxRetries: 0, timeout: 15_000, apiKey: SERVICE_KEY };
// Pact makes it when it writes: a run that leaves these tests out leaves nothing behind.
const folder = join(tmpdir(), `tally-pacts-${randomUUID()}`);
const proxy = await startEventStreamProxy();
const openai = new OpenAI({ ...options, baseURL: proxy.url });
const anthropic = new Anthropic({
  ...options,
  apiKey: null,
  authToken: SERVICE_KEY,
  baseURL: proxy.url,
});

const pact = new PactV4({
  consumer: 'byom-client',
  provider: 'byom-service',
  dir: folder,
  logLevel: 'error',
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** What the client makes of the expected answer; an error that it throws is what it makes of it. */
async function meet(expectation: Expectation, act: () => Promise<unknown>): Promise<unknown> {
  return await meetExpectation(pact, expectation, async (url) => {
    proxy.target = url;
    return await act().catch((error: unknown) => error);
  });
}

const chat = { model: 'gpt-5.4-nano', messages: [...MESSAGES] };
const message = { model: 'claude-haiku-4-5', max_tokens: 64, messages: [...MESSAGES] };

describe('a client of the service', { shuffle: false }, () => {
  test('reads a chat', async () => {
    const got = await meet(expected.chat, () => openai.chat.completions.create(chat));
    expect(got).toMatchObject({ choices: [{ message: { content: 'A log.' } }] });
  });

  test('reads a streamed chat with its usage', async () => {
    const got = await meet(expected.chatStream, async () => {
      const stream = openai.chat.completions.stream({
        ...chat,
        model: 'gemini-2.5-flash-lite',
        stream_options: { include_usage: true },
      });
      return await stream.finalChatCompletion();
    });
    expect(got).toMatchObject({
      choices: [{ message: { content: 'A log.' }, finish_reason: 'stop' }],
      usage: { total_tokens: 16 },
    });
  });

  test('reads a message', async () => {
    const got = await meet(expected.message, () => anthropic.messages.create(message));
    expect(got).toMatchObject({ content: [{ text: 'A log.' }], stop_reason: 'end_turn' });
  });

  test('reads a streamed message with its usage', async () => {
    const got = await meet(expected.messageStream, () =>
      anthropic.messages.stream(message).finalMessage(),
    );
    expect(got).toMatchObject({
      content: [{ text: 'A log.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 9, output_tokens: 7 },
    });
  });

  test('gets an image', async () => {
    const request = { model: 'gpt-image-1-mini', prompt: 'A cat', n: 1 };
    const got = await meet(expected.images, () => openai.images.generate(request));
    expect(got).toMatchObject({ data: [{ b64_json: 'UE5H' }] });
  });

  test.for([
    ['a chat without messages', expected.withoutMessages, OpenAI.BadRequestError],
    ['an unknown key', expected.chatOfNobody, OpenAI.AuthenticationError],
    ['a provider at its limit', expected.chatAtLimit, OpenAI.RateLimitError],
    ['a provider that is down', expected.chatWhileDown, OpenAI.InternalServerError],
  ] as const)('of OpenAI throws for %s', async ([, expectation, error]) => {
    const { body } = expectation.request;
    const got = await meet(expectation, () => openai.post('/chat/completions', { body }));
    expect(got).toBeInstanceOf(error);
    expect(got).toMatchObject({ code: expectation.response.body.error.code });
  });

  test('of Anthropic throws for an unknown key', async () => {
    const got = await meet(expected.messageOfNobody, () => anthropic.messages.create(message));
    expect(got).toBeInstanceOf(Anthropic.AuthenticationError);
  });

  test.for(credentialExpectations)(
    'relies on what comes when $description',
    async (expectation) => {
      const { method, path, headers, body } = expectation.request;
      const got = await meet(expectation, async () => {
        const answer = await fetch(`${proxy.url}${reify<string>(path)}`, {
          method,
          headers: {
            ...reify<Record<string, string>>(headers),
            'content-type': 'application/json',
          },
          ...(body !== undefined && { body: JSON.stringify(reify(body)) }),
          signal: AbortSignal.timeout(options.timeout),
        });
        return answer.status;
      });
      expect(got).toBe(expectation.response.status);
    },
  );

  test('finds it all in the committed pact', async () => {
    await expect(toCommitted(readPact(folder, NAME))).toMatchFileSnapshot(
      join(PACTS, `${NAME}.json`),
    );
  });
});
