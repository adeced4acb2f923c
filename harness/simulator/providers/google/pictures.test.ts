import { GoogleGenAI } from '@google/genai';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { GeneratedAnswer } from '../../script.ts';
import { startSimulator } from '../../simulator.ts';
import { collect } from '../../testing/collect.ts';

const KEY = 'AIza-pictures-0123456789';
const IMAGEN = 'imagen-4.0-generate-001';

async function start(...answers: GeneratedAnswer[]) {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.stop());
  simulator.acceptKey('google', KEY);
  simulator.script(KEY, ...answers.map((answer) => ({ answer })));
  const baseUrl = simulator.providerUrl('google');
  const client = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl } });
  // The SDK makes pictures with Imagen in the vendor's cloud only; the API takes them all the same.
  const predict = (body: object, model = IMAGEN) =>
    fetch(`${baseUrl}/v1beta/models/${model}:predict`, {
      method: 'POST',
      headers: { 'x-goog-api-key': KEY },
      body: JSON.stringify(body),
    });
  return { simulator, client, predict };
}

const answer: GeneratedAnswer = { kind: 'generated', inputTokens: 5, outputTokens: 2 };

describe('google: pictures', () => {
  test('of Imagen are as many as were asked for, or fewer, and report no usage', async () => {
    const { predict, simulator } = await start(answer, { ...answer, images: 1 });
    const asked = { instances: [{ prompt: 'A clock.' }], parameters: { sampleCount: 3 } };
    const picture = {
      mimeType: 'image/png',
      bytesBase64Encoded: expect.stringMatching(/^iVBOR/),
    };
    const all = await predict(asked);
    expect(await all.json()).toEqual({ predictions: [picture, picture, picture] });
    expect(await (await predict(asked)).json()).toEqual({ predictions: [picture] });
    expect(simulator.ledger.calls).toMatchObject([
      { operation: 'predict', modelRequested: IMAGEN, images: 3, usage: undefined },
      { images: 1 },
    ]);
  });

  test('of a Gemini model come with its text, plain and as a chunk of a stream', async () => {
    const { client, simulator } = await start(answer, answer);
    const asked = { model: 'gemini-2.5-flash-image', contents: 'A clock.' };
    const plain = await client.models.generateContent(asked);
    const chunks = await collect(await client.models.generateContentStream(asked));
    expect(plain.candidates?.[0]?.content?.parts).toMatchObject([
      { text: 'Tally counts' },
      { inlineData: { mimeType: 'image/png' } },
    ]);
    expect(chunks.at(-1)?.candidates?.[0]?.content?.parts).toMatchObject([
      { text: '' },
      { inlineData: { mimeType: 'image/png' } },
    ]);
    const usage = { input: 5, output: 2 };
    expect(simulator.ledger.calls).toMatchObject([
      { images: 1, usage, usageIsFinal: true },
      { images: 1, usage, usageIsFinal: true, contentEvents: 3 },
    ]);
  });

  test.for([
    ['nothing', { instances: [] }, IMAGEN, 400],
    ['too many', { instances: [{ prompt: 'x' }], parameters: { sampleCount: 5 } }, IMAGEN, 400],
    ['a model of text', { instances: [{ prompt: 'x' }] }, 'gemini-3.5-flash', 404],
  ] as const)('are refused for %s', async ([, body, model, status]) => {
    const { predict } = await start();
    expect((await predict(body, model)).status).toBe(status);
  });
});
