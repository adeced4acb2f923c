import { AzureOpenAI } from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { ProviderScript } from '../../script.ts';
import { startSimulator } from '../../simulator.ts';
import { collect } from '../../testing/collect.ts';
import { readPayload } from '../openai/read-payload.ts';

const KEY = 'azure-answers-0123456789';
const model = 'gpt-4o-mini';
const request = { model, messages: [{ role: 'user' as const, content: 'Hello.' }] };
const answer = { kind: 'generated', inputTokens: 5, outputTokens: 3 } as const;

async function start(...scripts: ProviderScript[]) {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.stop());
  simulator.acceptKey('azure', KEY);
  simulator.script(KEY, ...scripts);
  const url = simulator.providerUrl('azure');
  const client = new AzureOpenAI({ endpoint: url, apiKey: KEY, apiVersion: '2024-10-21' });
  const ask = (path: string, headers: Record<string, string> = { 'api-key': KEY }) =>
    fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(request) });
  return { simulator, client, ask, url };
}

describe('azure: answers', () => {
  test('is read by the official SDK, with the verdicts of the filters', async () => {
    const { client, simulator } = await start({ answer });
    expect(await client.chat.completions.create(request)).toMatchObject({
      model,
      choices: [
        { message: { content: 'Tally counts what' }, content_filter_results: { hate: {} } },
      ],
      prompt_filter_results: [{ prompt_index: 0 }],
      usage: { prompt_tokens: 5, completion_tokens: 3 },
    });
    expect(simulator.ledger.calls).toMatchObject([
      {
        provider: 'azure',
        operation: 'chat.completions',
        modelRequested: model,
        modelServed: model,
        usage: { input: 5, output: 3 },
        usageIsFinal: true,
      },
    ]);
  });

  test('opens a stream with the verdict on the prompt, which is no content and names no model', async () => {
    const { client, simulator } = await start({ answer });
    const asked = { ...request, stream: true, stream_options: { include_usage: true } } as const;
    const [opening, ...chunks] = await collect(await client.chat.completions.create(asked));
    expect(opening).toMatchObject({ choices: [], model: '', prompt_filter_results: [{}] });
    expect(readPayload(JSON.stringify(opening))).toMatchObject({
      isContent: false,
      model: undefined,
    });
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    expect(text).toBe('Tally counts what');
    expect(chunks[1]).toMatchObject({ choices: [{ content_filter_results: { hate: {} } }] });
    expect(simulator.ledger.calls).toMatchObject([
      { contentEvents: 3, usage: { input: 5, output: 3 }, usageIsFinal: true, modelServed: model },
    ]);
  });

  test('takes the key as a bearer token and the way without versions, too', async () => {
    const { ask, simulator } = await start({ answer });
    const authorization = `Bearer ${KEY}`;
    const answered = await ask('/openai/v1/chat/completions', { authorization });
    expect(answered.status).toBe(200);
    expect(answered.headers.get('apim-request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(simulator.ledger.calls).toMatchObject([{ operation: 'chat.completions' }]);
  });

  test('makes pictures and embeddings at their deployments', async () => {
    const { client, simulator } = await start({ answer }, { answer });
    const pictures = await client.images.generate({ model: 'gpt-image-1', prompt: 'x', n: 2 });
    const input = ['one', 'two'];
    const vectors = await client.embeddings.create({ model: 'text-embedding-3-small', input });
    expect(pictures.data).toHaveLength(2);
    expect(vectors.data).toHaveLength(2);
    expect(simulator.ledger.calls).toMatchObject([
      { operation: 'images.generations', modelRequested: 'gpt-image-1', images: 2 },
      { operation: 'embeddings', usage: { input: 5, output: 0 } },
    ]);
  });

  test('lists models for the price of nothing', async () => {
    const { url, simulator } = await start();
    const list = `${url}/openai/models?api-version=2024-10-21`;
    const listed = await fetch(list, { headers: { 'api-key': KEY } });
    expect(await listed.json()).toMatchObject({
      object: 'list',
      data: expect.arrayContaining([
        expect.objectContaining({ id: model, lifecycle_status: 'generally-available' }),
      ]),
    });
    expect((await fetch(list, { headers: { 'api-key': 'wrong' } })).status).toBe(401);
    expect(simulator.ledger.calls).toMatchObject([
      { operation: 'models.list', status: 200, usage: undefined },
      { operation: 'models.list', status: 401 },
    ]);
  });
});

describe('azure: refusals', () => {
  const path = `/openai/deployments/${model}/chat/completions`;
  const dated = '?api-version=2024-10-21';

  test.for([
    ['a wrong key', path + dated, { 'api-key': 'wrong' }, 401, { code: '401' }],
    ['no key', path + dated, {}, 401, { message: expect.stringContaining('missing') }],
    ['no version', path, undefined, 404, { code: '404', message: 'Resource not found' }],
    [
      'an unknown deployment',
      `/openai/deployments/gpt-0/chat/completions${dated}`,
      undefined,
      404,
      { code: 'DeploymentNotFound' },
    ],
  ] as const)('of %s', async ([, asked, headers, status, error]) => {
    const { ask, simulator } = await start();
    const answered = await ask(asked, headers);
    expect(answered.status).toBe(status);
    expect(await answered.json()).toMatchObject({ error });
    expect(simulator.findings).toEqual([]);
  });

  test('of what OpenAI speaks at other paths', async () => {
    const { ask, simulator } = await start();
    expect((await ask('/v1/chat/completions')).status).toBe(501);
    expect((await ask('/openai/chat/completions')).status).toBe(501);
    expect(simulator.findings).toHaveLength(2);
  });

  test.for([
    [429, { code: 'RateLimitReached' }],
    [500, { code: 'InternalServerError' }],
    [503, { code: 'ServiceUnavailable' }],
  ] as const)('by script with %i, in the envelope of the gateway', async ([status, error]) => {
    const { ask } = await start({ answer: { kind: 'error', status, retryAfterSeconds: 0 } });
    const answered = await ask(path + dated);
    expect(answered.status).toBe(status);
    expect(answered.headers.get('retry-after')).toBe('0');
    expect(await answered.json()).toEqual({ error: { message: expect.any(String), ...error } });
  });

  test('by script with 408, in plain text', async () => {
    const { ask } = await start({ answer: { kind: 'error', status: 408 } });
    const answered = await ask(path + dated);
    expect(answered.headers.get('content-type')).toBe('text/plain');
    expect(await answered.text()).toContain('upstream request timeout');
  });
});
