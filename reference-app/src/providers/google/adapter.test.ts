import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { JsonObject } from '../../shapes/json-object.ts';
import type { Provider, ProviderCall, StreamEvent } from '../provider.ts';
import {
  ProviderAnswerError,
  ProviderCutError,
  ProviderUnreachableError,
} from '../provider-error.ts';
import { events, json, type LocalProvider, startLocalProvider } from '../testing/local-provider.ts';
import { createGoogleProvider } from './adapter.ts';

const KEY = 'AIza-google-adapter-0123456789';
const CHAT = { model: 'gemini-2.5-flash', messages: [{ role: 'user', content: 'Hello.' }] };
const said = (text: string, more: object = {}) => ({
  candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...more }],
  usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 },
  modelVersion: 'gemini-2.5-flash-001',
  responseId: 'r1',
});
const WHOLE = said('Hi.', { finishReason: 'STOP' });
const BAD_KEY = {
  error: {
    code: 400,
    message: `API key not valid: ${KEY}.`,
    status: 'INVALID_ARGUMENT',
    details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
  },
};

type Answer = Parameters<typeof startLocalProvider>[0];

function callOf(more: Partial<ProviderCall> = {}): ProviderCall {
  return {
    model: CHAT.model,
    body: CHAT,
    apiKey: KEY,
    settings: {},
    signal: AbortSignal.timeout(10_000),
    ...more,
  };
}

async function readAll(provider: Provider, call = callOf()): Promise<StreamEvent[]> {
  const read: StreamEvent[] = [];
  const { events: groups } = await provider.stream(call);
  for await (const group of groups) read.push(...group);
  return read;
}

describe.for(['genai', 'generative-ai'] as const)('google by %s', (sdk) => {
  const start = async (answer: Answer): Promise<LocalProvider & { provider: Provider }> => {
    const local = await startLocalProvider(answer);
    onTestFinished(() => local[Symbol.asyncDispose]());
    return { ...local, provider: createGoogleProvider({ baseUrl: local.url, sdk }) };
  };

  test('asks for one answer with the key in a header and never in the URL', async () => {
    const { provider, asked } = await start(json(WHOLE));
    await provider.complete(callOf());
    expect(asked).toMatchObject([
      {
        method: 'POST',
        url: '/v1beta/models/gemini-2.5-flash:generateContent',
        headers: { 'x-goog-api-key': KEY, 'content-type': 'application/json' },
        body: { contents: [{ role: 'user', parts: [{ text: 'Hello.' }] }] },
      },
    ]);
    expect(asked[0]?.headers).not.toHaveProperty('authorization');
  });

  test('gives an answer as a chat completion', async () => {
    const { provider } = await start(json(WHOLE));
    expect(await provider.complete(callOf())).toMatchObject({
      status: 200,
      modelServed: 'gemini-2.5-flash-001',
      contentCharacters: 3,
      usage: { input: 5, output: 2 },
      body: {
        id: 'chatcmpl-r1',
        model: 'gemini-2.5-flash-001',
        choices: [{ index: 0, message: { content: 'Hi.' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
      },
    });
  });

  test('asks for a stream as events and ends it after the finish reason', async () => {
    const { provider, asked } = await start(
      events(said('Hi'), said('.', { finishReason: 'STOP' })),
    );
    const read = await readAll(provider);
    expect(asked[0]?.url).toBe('/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse');
    expect(read.map(({ kind }) => kind)).toEqual(['chunk', 'chunk', 'chunk', 'end']);
    expect(read).toMatchObject([
      { hasContent: true, usage: { isFinal: false } },
      { hasContent: true, usage: { isFinal: true, tokens: { input: 5, output: 2 } } },
      { hasContent: false, data: { choices: [], usage: { total_tokens: 7 } }, usage: undefined },
      {},
    ]);
  });

  test('has no end when the connection ends without a finish reason', async () => {
    const { provider } = await start(events(said('Hi')));
    expect((await readAll(provider)).map(({ kind }) => kind)).toEqual(['chunk']);
  });

  test('gives the chunks before a connection that breaks', async () => {
    const { provider } = await start((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify(said('Hi'))}\r\n\r\n`, () => {
        response.destroy();
      });
    });
    const read: StreamEvent[] = [];
    const { events: groups } = await provider.stream(callOf());
    const reading = async (): Promise<void> => {
      for await (const group of groups) read.push(...group);
    };
    await expect(reading()).rejects.toThrow(ProviderCutError);
    expect(read).toHaveLength(1);
  });

  test('gives an error inside a stream, without the key', async () => {
    const error = { code: 503, message: `Overloaded, ${KEY}.`, status: 'UNAVAILABLE' };
    const { provider } = await start(events(said('Hi'), { error }));
    expect((await readAll(provider)).at(-1)).toEqual({
      kind: 'error',
      body: { message: 'Overloaded, [redacted].', type: 'server_error', param: null, code: null },
    });
  });

  test.for([
    ['plain', 'application/json'],
    // Gemini answers so to a call for events (seen in recordings of 2025).
    ['events', 'text/event-stream'],
  ] as const)('says 401 for a key that Gemini calls a bad argument, in %s', async ([, type]) => {
    const { provider } = await start(json(BAD_KEY, { status: 400, type }));
    for (const ask of [provider.complete, provider.stream, provider.listModels]) {
      const error = await ask(callOf()).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ProviderAnswerError);
      expect(error).toMatchObject({
        status: 401,
        body: {
          message: 'API key not valid: [redacted].',
          type: 'invalid_request_error',
          code: 'invalid_api_key',
        },
      });
    }
  });

  test('reads the hint for the next attempt out of the details', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '0.250s' }];
    const error = { code: 429, message: 'Quota.', status: 'RESOURCE_EXHAUSTED', details };
    const { provider, asked } = await start(json({ error }, { status: 429 }));
    await expect(provider.complete(callOf())).rejects.toMatchObject({
      status: 429,
      body: { message: 'Quota.', type: 'rate_limit_error', code: 'rate_limit_exceeded' },
      retry: { afterMs: 250 },
    });
    expect(asked).toHaveLength(1);
  });

  test('asks once only, however the provider fails', async () => {
    const error = { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' };
    const { provider, asked } = await start(json({ error }, { status: 503 }));
    await expect(provider.stream(callOf())).rejects.toMatchObject({
      status: 503,
      body: { message: 'The model is overloaded.', type: 'server_error' },
      retry: { afterMs: undefined },
    });
    expect(asked).toHaveLength(1);
  });

  test('takes an error inside a 200 for an error', async () => {
    const { provider } = await start(json({ error: { code: 500, message: 'Internal.' } }));
    await expect(provider.complete(callOf())).rejects.toMatchObject({
      status: 200,
      body: { message: 'Internal.', type: 'server_error' },
    });
  });

  test('takes an answer that is no JSON for one that broke off', async () => {
    const { provider } = await start((response) => response.end('<html>'));
    await expect(provider.complete(callOf())).rejects.toThrow(ProviderCutError);
    await expect(provider.listModels(callOf())).rejects.toThrow(ProviderCutError);
  });

  test('knows that nothing was sent when it cannot connect', async () => {
    const { provider, ...local } = await start(json(WHOLE));
    await local[Symbol.asyncDispose]();
    await expect(provider.complete(callOf())).rejects.toThrow(ProviderUnreachableError);
  });

  test('sends nothing for a client who has left', async () => {
    const { provider, asked } = await start(json(WHOLE));
    const call = callOf({ signal: AbortSignal.abort() });
    await expect(provider.stream(call)).rejects.toThrow(ProviderUnreachableError);
    await expect(provider.complete(call)).rejects.toThrow(ProviderUnreachableError);
    expect(asked).toEqual([]);
  });

  test('closes the connection when the client leaves within a stream', async () => {
    const closed = Promise.withResolvers<void>();
    const { provider } = await start((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify(said('Hi'))}\r\n\r\n`);
      response.once('close', closed.resolve);
    });
    const client = new AbortController();
    const { events: groups } = await provider.stream(callOf({ signal: client.signal }));
    const reading = async (): Promise<void> => {
      for await (const _group of groups) client.abort();
    };
    await expect(reading()).rejects.toThrow(ProviderCutError);
    await closed.promise;
  });

  test('gives up when the answer does not begin in time', async () => {
    const arrived = Promise.withResolvers<void>();
    const { provider } = await start(() => arrived.resolve());
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const call = provider.stream(callOf({ settings: { timeout_ms: 1_000 } }));
    const givenUp = expect(call).rejects.toThrow(ProviderCutError);
    await arrived.promise;
    vi.advanceTimersByTime(1_000);
    await givenUp;
  });

  test('lets an answer that has begun take longer than that', async () => {
    let answer: { write(text: string): void; end(): void } | undefined;
    const { provider } = await start((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      answer = response;
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { events: groups } = await provider.stream(callOf({ settings: { timeout_ms: 1_000 } }));
    vi.advanceTimersByTime(60_000);
    answer?.write(`data: ${JSON.stringify(WHOLE)}\r\n\r\n`);
    answer?.end();
    const read: StreamEvent[] = [];
    for await (const group of groups) read.push(...group);
    expect(read.at(-1)).toEqual({ kind: 'end' });
  });

  test('asks for its models with the smallest page, at the base URL of the credential', async () => {
    const { provider, asked } = await start(json({ models: [] }));
    const { url, ...elsewhere } = await start(json({ models: [] }));
    await provider.listModels(callOf({ settings: { base_url: url } }));
    expect(asked).toEqual([]);
    expect(elsewhere.asked).toMatchObject([
      { method: 'GET', url: '/v1beta/models?pageSize=1', headers: { 'x-goog-api-key': KEY } },
    ]);
  });

  test('does not let the name of a model lead to another path', async () => {
    const { provider, asked } = await start(json(WHOLE));
    await provider.complete(callOf({ model: '../../v1/files?key=x#' }));
    expect(asked[0]?.url).toBe('/v1beta/models/..%2F..%2Fv1%2Ffiles%3Fkey%3Dx%23:generateContent');
  });

  test('refuses what Gemini has no word for before anything is sent', async () => {
    const { provider, asked } = await start(json(WHOLE));
    const url = 'https://pictures.example/cat.png';
    const content = [{ type: 'image_url', image_url: { url } }];
    const body: JsonObject = { messages: [{ role: 'user', content }] };
    await expect(provider.complete(callOf({ body }))).rejects.toMatchObject({
      status: 400,
      body: { param: 'messages.0.content.0.image_url.url' },
    });
    expect(asked).toEqual([]);
  });
});
