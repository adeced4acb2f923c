import type { ProviderCase } from './case.ts';
import { answered } from './create-case.ts';

const SQUARE = { prompt: 'A plain red square.', n: 1, size: '1024x1024' };

// One pixel: what a picture shows is not what is tested.
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** Pictures that are billed by their tokens. */
export const imageCases: readonly ProviderCase[] = [
  answered(
    {
      provider: 'openai',
      promise: 'image',
      model: 'gpt-image-1-mini',
      // OpenAI's pictures do not say who made them.
      modelServed: null,
      body: { ...SQUARE, quality: 'low' },
    },
    {
      told: { images: [PIXEL] },
      tokens: { input: 11, output: 272 },
      // 11 × 2,000,000 + 272 × 8,000,000
      costPicoUsd: 2_198_000_000,
    },
  ),
  answered(
    { provider: 'google', promise: 'image', model: 'gemini-3.1-flash-image', body: SQUARE },
    {
      told: { images: [PIXEL] },
      tokens: { input: 6, output: 1_120 },
      // 6 × 500,000 + 1,120 × 60,000,000
      costPicoUsd: 67_203_000_000,
    },
  ),
];
