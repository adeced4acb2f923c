import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';

import { type Simulator, startSimulator } from '../../simulator.ts';
import { collect } from '../../testing/collect.ts';

const KEY = 'sk-answers-0123456789';
const request = {
  model: 'gpt-5.4-nano',
  messages: [{ role: 'user' as const, content: 'Hello.' }],
};

async function start(options?: Parameters<typeof startSimulator>[0]) {
  const simulator = await startSimulator(options);
  simulator.acceptKey('openai', KEY);
  return simulator;
}

function clientOf(simulator: Simulator): OpenAI {
  return new OpenAI({ apiKey: KEY, baseURL: simulator.providerUrl('openai'), maxRetries: 0 });
}

describe('openai: plain answers', () => {
  test('is a whole chat.completion for the official SDK, with usage in the wire own meaning', async () => {
    await using simulator = await start();
    simulator.script(KEY, {
      answer: {
        kind: 'generated',
        inputTokens: 5,
        cachedInputTokens: 7,
        cacheWriteTokens: 9,
        outputTokens: 3,
        reasoningTokens: 11,
        modelServed: 'gpt-5.4-nano-2026-03-17',
      },
    });
    const { data, response } = await clientOf(simulator)
      .chat.completions.create(request)
      .withResponse();

    expect(data).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-[0-9a-f]{29}$/),
      object: 'chat.completion',
      model: 'gpt-5.4-nano-2026-03-17',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Tally counts what',
            refusal: null,
            annotations: [],
          },
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 21,
        completion_tokens: 14,
        total_tokens: 35,
        prompt_tokens_details: { cached_tokens: 7, cache_write_tokens: 9 },
        completion_tokens_details: { reasoning_tokens: 11 },
      },
    });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
    expect(simulator.ledger.calls).toMatchObject([
      {
        operation: 'chat.completions',
        modelRequested: 'gpt-5.4-nano',
        modelServed: 'gpt-5.4-nano-2026-03-17',
        isStream: false,
        status: 200,
        end: 'completed',
        answeredBy: 'script',
        usage: { input: 5, cachedInput: 7, cacheWrite: 9, output: 3, reasoning: 11 },
        contentEvents: 0,
      },
    ]);
  });

  test('has no usage key when the script says that the provider sends none', async () => {
    await using simulator = await start();
    const answer = {
      kind: 'generated',
      inputTokens: 5,
      outputTokens: 3,
      sendsUsage: false,
    } as const;
    simulator.script(KEY, { answer });
    const answered = await clientOf(simulator).chat.completions.create(request);
    expect(answered).not.toHaveProperty('usage');
    expect(simulator.ledger.calls[0]?.usage).toBeUndefined();
  });

  test('stops by length when the request allows no more tokens', async () => {
    await using simulator = await start({ generate: true });
    const client = clientOf(simulator);
    const short = await client.chat.completions.create({ ...request, max_completion_tokens: 2 });
    const long = await client.chat.completions.create({ ...request, max_tokens: 500 });
    expect(short).toMatchObject({
      choices: [{ finish_reason: 'length', message: { content: 'Tally counts' } }],
      usage: { completion_tokens: 2 },
    });
    expect(long).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
  });

  test('generates the same text and usage for the same request, and another id', async () => {
    await using simulator = await start({ generate: true });
    const client = clientOf(simulator);
    const first = await client.chat.completions.create(request);
    const second = await client.chat.completions.create(request);
    expect(second.choices).toEqual(first.choices);
    expect(second.usage).toEqual(first.usage);
    expect(second.id).not.toBe(first.id);
    expect(simulator.ledger.calls.map(({ answeredBy }) => answeredBy)).toEqual([
      'generated',
      'generated',
    ]);
  });

  test('shows one model, and does not know another', async () => {
    await using simulator = await start();
    const { models } = clientOf(simulator);
    expect(await models.retrieve('dall-e-3')).toMatchObject({ id: 'dall-e-3', object: 'model' });
    await expect(models.retrieve('gpt-0')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
    expect(simulator.ledger.calls).toMatchObject([
      { operation: 'models.get', modelRequested: 'dall-e-3' },
      { operation: 'models.get', status: 404 },
    ]);
  });

  test('lists the models of the account, and a scripted chat answer stays for the chat', async () => {
    await using simulator = await start();
    simulator.script(KEY, { answer: { kind: 'generated', inputTokens: 5, outputTokens: 3 } });
    const client = clientOf(simulator);
    const models = await collect(client.models.list());
    expect(models.map(({ id }) => id)).toContain('gpt-5.4-nano');
    await client.chat.completions.create(request);
    expect(simulator.ledger.calls.map((call) => [call.operation, call.answeredBy])).toEqual([
      ['models.list', 'generated'],
      ['chat.completions', 'script'],
    ]);
  });
});
