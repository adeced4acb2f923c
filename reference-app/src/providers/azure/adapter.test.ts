import { globSync, readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Provider, ProviderCall, StreamEvent } from '../provider.ts';
import { ProviderAnswerError } from '../provider-error.ts';
import { json, startLocalProvider } from '../testing/local-provider.ts';
import { createAzureProvider } from './adapter.ts';

const KEY = 'azure-adapter-0123456789';
const CHAT = { model: 'my-deployment', messages: [{ role: 'user', content: 'Hello.' }] };
const WHOLE = {
  model: 'gpt-4o-mini-2024-07-18',
  choices: [{ index: 0, message: { content: 'Hi.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 5, completion_tokens: 2 },
};

const callOf = (settings: ProviderCall['settings'] = {}): ProviderCall => ({
  model: CHAT.model,
  body: CHAT,
  apiKey: KEY,
  settings,
  signal: AbortSignal.timeout(10_000),
});

async function start(answer: Parameters<typeof startLocalProvider>[0]) {
  const local = await startLocalProvider(answer);
  onTestFinished(() => local[Symbol.asyncDispose]());
  const { url: baseUrl, asked } = local;
  const provider = createAzureProvider({ baseUrl, apiVersion: '2024-10-21' });
  return { baseUrl, asked, provider };
}

async function thrownBy(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('azure', () => {
  test('asks the deployment, in its version, with the key in its own header', async () => {
    const { provider, asked } = await start(json(WHOLE));
    expect(await provider.complete(callOf())).toMatchObject({
      modelServed: 'gpt-4o-mini-2024-07-18',
      usage: { input: 5, output: 2 },
    });
    expect(asked).toMatchObject([
      {
        method: 'POST',
        url: '/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21',
        headers: { 'api-key': KEY },
        body: CHAT,
      },
    ]);
    expect(asked[0]?.headers).not.toHaveProperty('authorization');
  });

  test('asks the resource and the version of the credential', async () => {
    const { asked, baseUrl } = await start(json({ data: [] }));
    const provider = createAzureProvider({ baseUrl: undefined, apiVersion: '2024-10-21' });
    await provider.listModels(callOf({ base_url: baseUrl, api_version: '2025-03-01-preview' }));
    expect(asked).toMatchObject([
      { method: 'GET', url: '/openai/models?api-version=2025-03-01-preview' },
    ]);
  });

  test('refuses a call that nobody says the resource of', async () => {
    const provider = createAzureProvider({ baseUrl: undefined, apiVersion: '2024-10-21' });
    for (const ask of [provider.complete, provider.stream, provider.listModels]) {
      expect(await thrownBy(ask(callOf()))).toMatchObject({
        status: 400,
        body: { param: 'settings.base_url', code: 'no_base_url' },
      });
    }
  });

  test('gives a stream whose first event judges the prompt, and no model or content', async () => {
    const filter = { id: '', model: '', choices: [], prompt_filter_results: [{ prompt_index: 0 }] };
    const delta = { model: WHOLE.model, choices: [{ index: 0, delta: { content: 'Hi.' } }] };
    const { provider, asked } = await start((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const data of [filter, delta]) response.write(`data: ${JSON.stringify(data)}\n\n`);
      response.end('data: [DONE]\n\n');
    });
    expect(await readAll(provider)).toMatchObject([
      { kind: 'chunk', hasContent: false, modelServed: undefined, usage: undefined },
      { kind: 'chunk', hasContent: true, modelServed: WHOLE.model },
      { kind: 'end' },
    ]);
    expect(asked[0]?.body).toMatchObject({ stream_options: { include_usage: true } });
  });

  // As recorded from Azure and its gateway.
  test.for([
    [401, { code: '401', message: `Access denied, ${KEY}.` }, 'Access denied, [redacted].', '401'],
    [404, { code: 'DeploymentNotFound', message: 'No.' }, 'No.', 'DeploymentNotFound'],
    [500, { message: 'An error occurred.', details: 'Failed.' }, 'An error occurred.', null],
  ] as const)('reads an error %i in its own envelope', async ([status, error, message, code]) => {
    const { provider } = await start(json({ error }, { status }));
    const thrown = await thrownBy(provider.complete(callOf()));
    expect(thrown).toBeInstanceOf(ProviderAnswerError);
    expect(thrown).toMatchObject({ status, body: { message, code } });
  });

  test('reads an error in plain text, and the hint for the next attempt', async () => {
    const { provider, asked } = await start((response) => {
      response.writeHead(408, { 'content-type': 'text/plain', 'retry-after': '1' });
      response.end('upstream request timeout');
    });
    expect(await thrownBy(provider.complete(callOf()))).toMatchObject({
      status: 408,
      body: { message: expect.stringContaining('upstream request timeout') },
      retry: { afterMs: 1_000 },
    });
    expect(asked).toHaveLength(1);
  });
});

async function readAll(provider: Provider): Promise<StreamEvent[]> {
  const read: StreamEvent[] = [];
  const { events } = await provider.stream(callOf());
  for await (const group of events) read.push(...group);
  return read;
}

describe('a provider', () => {
  const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/.*$/gm;
  // What knows every provider: where it is, how it is made, what it is called.
  const KNOWING = ['provider-config.ts', 'providers/registry.ts', 'providers/provider-names.ts'];

  test('is one folder: nothing else names Azure but the configuration and the registry', () => {
    const cwd = `${import.meta.dirname}/../..`;
    const sources = globSync('**/*.ts', { cwd, exclude: ['providers/azure', '**/*.test.ts'] });
    const naming = sources.filter((path) => {
      const code = readFileSync(`${cwd}/${path}`, 'utf8').replace(COMMENTS, '');
      return /azure/i.test(code) && !KNOWING.includes(path);
    });
    expect(sources.length).toBeGreaterThan(50);
    expect(naming).toEqual([]);
  });
});
