import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../shapes/json-object.ts';
import { parseImages, toImagesRequest } from './images.ts';

const GEMINI = 'gemini-3.1-flash-image';
const IMAGEN = 'imagen-4.0-generate-001';

function sent(model: string, more: object = {}): unknown {
  const call = { model, body: { prompt: 'A cat.', ...more }, apiKey: 'key', settings: {} };
  const { signal } = new AbortController();
  return JSON.parse(JSON.stringify(toImagesRequest({ ...call, signal })));
}
const parse = (body: JsonObject) => parseImages({ status: 200, body, apiKey: 'key' });
const picture = (data: string) => ({ inlineData: { mimeType: 'image/png', data } });

describe('google: images', () => {
  test('are asked of Imagen as predictions', () => {
    expect(sent(IMAGEN, { n: 3, size: '1024x1024', quality: 'hd' })).toEqual({
      path: `models/${IMAGEN}:predict`,
      body: {
        instances: [{ prompt: 'A cat.' }],
        parameters: { sampleCount: 3, aspectRatio: '1:1' },
      },
    });
  });

  test('are asked of a Gemini model as content', () => {
    expect(sent(GEMINI, { n: 1 })).toEqual({
      path: `models/${GEMINI}:generateContent`,
      body: {
        contents: [{ role: 'user', parts: [{ text: 'A cat.' }] }],
        generationConfig: { responseModalities: ['IMAGE'], candidateCount: 1 },
      },
    });
    expect(sent(GEMINI, { size: '1792x1024' })).toMatchObject({
      body: { generationConfig: { imageConfig: { aspectRatio: '16:9' } } },
    });
  });

  test.for([
    ['1536x1024', '4:3'],
    ['1024x1536', '3:4'],
    ['1024x1792', '9:16'],
    ['auto', undefined],
    ['1024x0', undefined],
  ] as const)('of the size %s have the shape %s', ([size, aspectRatio]) => {
    const parameters = { sampleCount: 1, ...(aspectRatio !== undefined && { aspectRatio }) };
    expect(sent(IMAGEN, { size })).toHaveProperty('body.parameters', parameters);
  });

  test('come from Imagen as base64 without usage, those that were filtered not at all', () => {
    const predictions = [
      { mimeType: 'image/png', bytesBase64Encoded: 'b25l' },
      { raiFilteredReason: 'Filtered.' },
    ];
    expect(parse({ predictions })).toMatchObject({
      images: 1,
      usage: undefined,
      modelServed: undefined,
      body: { data: [{ b64_json: 'b25l' }] },
    });
    expect(parse({})).toMatchObject({ images: 0, body: { data: [] } });
  });

  test('come from a Gemini model with its usage', () => {
    const answer = parse({
      candidates: [{ content: { parts: [{ text: 'Here.' }, picture('b25l'), picture('dHdv')] } }],
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2_580 },
      modelVersion: GEMINI,
    });
    expect(answer).toMatchObject({
      images: 2,
      modelServed: GEMINI,
      usage: { input: 3, output: 2_580 },
      body: {
        data: [{ b64_json: 'b25l' }, { b64_json: 'dHdv' }],
        usage: { input_tokens: 3, output_tokens: 2_580, total_tokens: 2_583 },
      },
    });
    expect(JSON.parse(answer.text)).toEqual(answer.body);
  });

  test('are none when the prompt was filtered', () => {
    expect(parse({ promptFeedback: { blockReason: 'SAFETY' } }).images).toBe(0);
  });

  test.for([
    ['an error', { error: { code: 500, message: 'Internal.' } }, 'Internal.'],
    ['no list', { predictions: 'none' }, 'no images'],
  ] as const)('are not taken from %s', ([, body, message]) => {
    expect(() => parse(body)).toThrow(message);
  });
});
