import { describe, expect, test } from 'vitest';

import { startSimulator } from '../../simulator.ts';

const KEY = 'sk-ant-answers-0123456789';
const headers = { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' };
const request = {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hello.' }],
};

async function start(options?: Parameters<typeof startSimulator>[0]) {
  const simulator = await startSimulator(options);
  simulator.acceptKey('anthropic', KEY);
  const ask = async (body: object = request) => {
    const url = `${simulator.providerUrl('anthropic')}/v1/messages`;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return response.json();
  };
  const get = async (path: string) => {
    const response = await fetch(`${simulator.providerUrl('anthropic')}${path}`, { headers });
    return { status: response.status, body: await response.json() };
  };
  return { simulator, ask, get, [Symbol.asyncDispose]: () => simulator.stop() };
}

describe('anthropic: plain answers', () => {
  test('are a whole message, with usage in the wire own meaning', async () => {
    await using started = await start();
    const { simulator, ask } = started;
    simulator.script(KEY, {
      answer: {
        kind: 'generated',
        inputTokens: 5,
        cachedInputTokens: 7,
        cacheWriteTokens: 9,
        outputTokens: 3,
        reasoningTokens: 11,
      },
    });
    expect(await ask()).toEqual({
      model: 'claude-haiku-4-5-20251001',
      id: expect.stringMatching(/^msg_[0-9a-f]{24}$/),
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'Tally counts what' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      usage: {
        input_tokens: 5,
        cache_creation_input_tokens: 9,
        cache_read_input_tokens: 7,
        cache_creation: { ephemeral_5m_input_tokens: 9, ephemeral_1h_input_tokens: 0 },
        output_tokens: 14,
        output_tokens_details: { thinking_tokens: 11 },
        service_tier: 'standard',
        inference_geo: 'not_available',
      },
    });
    expect(simulator.ledger.calls).toMatchObject([
      {
        operation: 'messages',
        modelRequested: 'claude-haiku-4-5',
        modelServed: 'claude-haiku-4-5-20251001',
        isStream: false,
        answeredBy: 'script',
        usage: { input: 5, cachedInput: 7, cacheWrite: 9, output: 3, reasoning: 11 },
        contentEvents: 0,
      },
    ]);
  });

  test('follow from the request when nothing is scripted, and stop by its limit', async () => {
    await using started = await start({ generate: true });
    const first = await started.ask();
    const second = await started.ask();
    expect(second).toEqual({ ...Object(first), id: expect.stringMatching(/^msg_/) });
    expect(second).not.toEqual(first);
    expect(await started.ask({ ...request, max_tokens: 2 })).toMatchObject({
      content: [{ text: 'Tally counts' }],
      stop_reason: 'max_tokens',
      usage: { output_tokens: 2 },
    });
  });

  test('list the models of the account, and show one', async () => {
    await using started = await start();
    const list = await started.get('/v1/models');
    const model = {
      type: 'model',
      id: 'claude-opus-5',
      display_name: 'Claude Opus 5',
      created_at: expect.stringMatching(/Z$/),
    };
    expect(list.body).toMatchObject({
      data: expect.arrayContaining([model]),
      has_more: false,
      first_id: 'claude-haiku-5-5',
    });
    const shown = await started.get('/v1/models/claude-opus-5');
    expect(shown.body).toMatchObject({ id: 'claude-opus-5', type: 'model' });
    expect(await started.get('/v1/models/claude-0')).toMatchObject({
      status: 404,
      body: { error: { type: 'not_found_error' } },
    });
    expect(started.simulator.ledger.calls.map(({ operation }) => operation)).toEqual([
      'models.list',
      'models.get',
      'models.get',
    ]);
  });
});
