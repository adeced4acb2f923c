import type { ProviderCase } from './case.ts';
import { answered } from './create-case.ts';
import { FLASH_LITE, HAIKU, NANO } from './models.ts';

const SQUARE = { prompt: 'A plain red square.', n: 1, size: '1024x1024' };

// One pixel: what a picture shows is not what is tested.
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

// 32 by 32 pixels: a provider may refuse a single one.
const RED =
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAJ0lEQVR42u3NsQkAAAjAsP7/tF7hIASyp6lTCQQCgUAgEAgEgi/BAjLD/C5w/SM9AAAAAElFTkSuQmCC';
const WHICH = { type: 'text', text: 'Which colour is this? Answer in one word.' };
const shown = {
  messages: [
    {
      role: 'user',
      content: [WHICH, { type: 'image_url', image_url: { url: `data:image/png;base64,${RED}` } }],
    },
  ],
};
const shownToClaude = {
  messages: [
    {
      role: 'user',
      content: [
        WHICH,
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: RED } },
      ],
    },
  ],
};

/** Models that read a picture. */
const inputs: readonly ProviderCase[] = [
  answered(
    { ...NANO, promise: 'image-input', body: shown },
    {
      told: { text: 'Red.', finish: 'stop' },
      tokens: { input: 62, output: 3 },
      // 62 × 200,000 + 3 × 1,250,000
      costPicoUsd: 16_150_000,
    },
  ),
  answered(
    { ...FLASH_LITE, promise: 'image-input', body: shown },
    {
      told: { text: 'Red.', finish: 'stop' },
      tokens: { input: 267, output: 2 },
      // 267 × 300,000 + 2 × 2,500,000
      costPicoUsd: 85_100_000,
    },
  ),
  answered(
    { ...HAIKU, promise: 'image-input', body: shownToClaude },
    {
      told: { text: 'Red.', finish: 'end_turn' },
      tokens: { input: 25, output: 5 },
      // 25 × 1,000,000 + 5 × 5,000,000
      costPicoUsd: 50_000_000,
    },
  ),
];

/** Models that make one, billed by its tokens. */
const made: readonly ProviderCase[] = [
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

/** Pictures, read and made. */
export const imageCases: readonly ProviderCase[] = [...inputs, ...made];
