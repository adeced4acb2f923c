import { describe, expect, test } from 'vitest';
import { ProviderAnswerError, ProviderCutError } from '../provider-error.ts';
import { parseImages } from './parse-images.ts';

const parse = (body: unknown) => parseImages(200, JSON.stringify(body), 'sk-key');
const DATA = [{ b64_json: 'b25l' }, { url: 'https://pictures.example/2.png' }];

describe('openai: images', () => {
  test('are counted, with the tokens that they cost', () => {
    const usage = {
      input_tokens: 5,
      output_tokens: 272,
      total_tokens: 277,
      input_tokens_details: { text_tokens: 5, image_tokens: 0 },
    };
    const body = { created: 1, data: DATA, usage };
    expect(parse(body)).toEqual({
      status: 200,
      body,
      text: JSON.stringify(body),
      modelServed: undefined,
      usage: { input: 5, cached_input: 0, cache_write: 0, output: 272, reasoning: 0 },
      contentCharacters: 0,
      images: 2,
    });
  });

  test.for([undefined, null, { input_tokens: 'five' }])('have no usage in %j', (usage) => {
    expect(parse({ data: DATA, usage })).toMatchObject({ images: 2, usage: undefined });
  });

  test('are not taken from an error inside a 200, or from another answer', () => {
    expect(() => parse({ error: { message: 'No.' } })).toThrow(ProviderAnswerError);
    expect(() => parse({ choices: [] })).toThrow(ProviderCutError);
  });
});
