import OpenAI from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { GeneratedAnswer } from '../../script.ts';
import { startSimulator } from '../../simulator.ts';

const KEY = 'sk-images-0123456789';
const prompt = 'A clock.';

async function start(...answers: GeneratedAnswer[]) {
  const simulator = await startSimulator({ generate: true });
  onTestFinished(() => simulator.stop());
  simulator.acceptKey('openai', KEY);
  simulator.script(KEY, ...answers.map((answer) => ({ answer })));
  const client = new OpenAI({ apiKey: KEY, baseURL: simulator.providerUrl('openai') });
  return { simulator, client };
}

describe('openai: pictures', () => {
  test('of dall-e-3 are one address without usage, or bytes when they are asked for', async () => {
    const { client, simulator } = await start();
    const model = 'dall-e-3';
    const address = await client.images.generate({ model, prompt });
    const bytes = await client.images.generate({ model, prompt, response_format: 'b64_json' });
    expect(address).toEqual({
      created: expect.any(Number),
      data: [{ revised_prompt: prompt, url: expect.stringMatching(/^https:.+\.png$/) }],
    });
    expect(bytes.data).toMatchObject([{ b64_json: expect.stringMatching(/^iVBOR/) }]);
    expect(simulator.ledger.calls).toMatchObject([
      { operation: 'images.generations', images: 1, usage: undefined, usageIsFinal: false },
      { modelRequested: model, modelServed: undefined, images: 1 },
    ]);
  });

  test('of gpt-image-1 are as many as were asked for, with the tokens they cost', async () => {
    const answer: GeneratedAnswer = { kind: 'generated', inputTokens: 9, outputTokens: 544 };
    const { client, simulator } = await start(answer, { ...answer, images: 1 });
    const asked = { model: 'gpt-image-1', prompt, n: 2 } as const;
    const answered = await client.images.generate(asked);
    expect(answered.data).toHaveLength(2);
    expect(answered.usage).toEqual({
      input_tokens: 9,
      input_tokens_details: { text_tokens: 9, image_tokens: 0 },
      output_tokens: 544,
      total_tokens: 553,
    });
    expect((await client.images.generate(asked)).data).toHaveLength(1);
    const usage = { input: 9, cachedInput: 0, cacheWrite: 0, output: 544, reasoning: 0 };
    expect(simulator.ledger.calls).toMatchObject([
      { images: 2, usage, usageIsFinal: true },
      { images: 1, usage, usageIsFinal: true },
    ]);
  });

  test.for([
    ['no prompt', { model: 'dall-e-3' }, 400, 'missing_required_parameter'],
    ['two of dall-e-3', { model: 'dall-e-3', prompt, n: 2 }, 400, 'integer_above_max_value'],
    ['a chat model', { model: 'gpt-4o-mini', prompt }, 404, 'model_not_found'],
  ] as const)('are refused for %s', async ([, body, status, code]) => {
    const { client } = await start();
    const refused = client.images.generate(body as { model: string; prompt: string });
    await expect(refused).rejects.toMatchObject({ status, code });
  });
});

describe('openai: embeddings', () => {
  test('are vectors of the asked length, in both encodings, and bill input alone', async () => {
    const { client, simulator } = await start({
      kind: 'generated',
      inputTokens: 8,
      outputTokens: 0,
    });
    const asked = { model: 'text-embedding-3-small', input: ['one', 'two'], dimensions: 4 };
    const decoded = await client.embeddings.create(asked);
    const plain = await client.embeddings.create({ ...asked, encoding_format: 'float' });
    expect(decoded.data.map(({ embedding }) => [...embedding])).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
    ]);
    expect(plain.data.map(({ embedding }) => embedding)).toEqual(
      decoded.data.map(({ embedding }) => [...embedding]),
    );
    expect(decoded.usage).toEqual({ prompt_tokens: 8, total_tokens: 8 });
    expect(simulator.ledger.calls).toMatchObject([
      { operation: 'embeddings', usage: { input: 8, output: 0 }, usageIsFinal: true, images: 0 },
      { answeredBy: 'generated' },
    ]);
  });

  test('are refused without input', async () => {
    const { client } = await start();
    const asked = { model: 'text-embedding-3-small' } as { model: string; input: string };
    await expect(client.embeddings.create(asked)).rejects.toMatchObject({
      code: 'missing_required_parameter',
    });
  });
});
