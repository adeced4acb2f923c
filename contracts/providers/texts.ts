import type { ProviderCase } from './case.ts';
import { answered } from './create-case.ts';
import { FLASH, FLASH_LITE, HAIKU, NANO } from './models.ts';

function user(content: string) {
  return [{ role: 'user', content }];
}

const GREET = { messages: user('Greet the reader in one short sentence.') };
const GREETING = { text: 'Hello, reader, and welcome!', finish: 'stop' };
const WAVE = { text: 'Hello, reader, and welcome! 👋', finish: 'stop' };

/** One answer to one prompt. */
const chats: readonly ProviderCase[] = [
  answered(
    { ...NANO, promise: 'chat', body: GREET },
    // 14 × 200,000 + 7 × 1,250,000
    { told: GREETING, tokens: { input: 14, output: 7 }, costPicoUsd: 11_550_000 },
  ),
  answered(
    { ...FLASH_LITE, promise: 'chat', body: GREET },
    // 9 × 300,000 + 7 × 2,500,000
    { told: GREETING, tokens: { input: 9, output: 7 }, costPicoUsd: 20_200_000 },
  ),
  answered(
    { ...HAIKU, promise: 'chat', body: GREET },
    {
      told: { ...GREETING, finish: 'end_turn' },
      tokens: { input: 15, output: 10 },
      // 15 × 1,000,000 + 10 × 5,000,000
      costPicoUsd: 65_000_000,
    },
  ),
  answered(
    { ...NANO, promise: 'chat-stream', body: { ...GREET, stream: true } },
    {
      told: WAVE,
      contentEvents: 7,
      tokens: { input: 14, output: 7 },
      costPicoUsd: 11_550_000,
    },
  ),
  answered(
    { ...FLASH_LITE, promise: 'chat-stream', body: { ...GREET, stream: true } },
    {
      told: WAVE,
      contentEvents: 3,
      tokens: { input: 9, output: 7 },
      costPicoUsd: 20_200_000,
    },
  ),
  answered(
    { ...HAIKU, promise: 'chat-stream', body: { ...GREET, stream: true } },
    {
      told: { ...WAVE, finish: 'end_turn' },
      contentEvents: 3,
      tokens: { input: 15, output: 10 },
      costPicoUsd: 65_000_000,
    },
  ),
];

const PLACE = user('Where is the Bundeshaus? Answer as JSON.');
const PLACE_SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, country: { type: 'string' } },
  required: ['city', 'country'],
  additionalProperties: false,
};
const BERN = '{"city":"Bern","country":"Switzerland"}';
const place = {
  messages: PLACE,
  response_format: {
    type: 'json_schema',
    json_schema: { name: 'place', strict: true, schema: PLACE_SCHEMA },
  },
};

/** Models that think before they answer: their thoughts are billed as output. */
const structuredOutputs: readonly ProviderCase[] = [
  answered(
    { ...NANO, promise: 'structured-output', body: { ...place, reasoning_effort: 'low' } },
    {
      told: { text: BERN, finish: 'stop' },
      tokens: { input: 62, output: 11, reasoning: 64 },
      // 62 × 200,000 + (11 + 64) × 1,250,000
      costPicoUsd: 106_150_000,
    },
  ),
  answered(
    { ...FLASH, promise: 'structured-output', body: place },
    {
      told: { text: BERN, finish: 'stop' },
      tokens: { input: 12, output: 13, reasoning: 81 },
      // 12 × 1,500,000 + (13 + 81) × 9,000,000
      costPicoUsd: 864_000_000,
    },
  ),
  answered(
    {
      ...HAIKU,
      promise: 'structured-output',
      body: {
        messages: PLACE,
        output_config: { format: { type: 'json_schema', schema: PLACE_SCHEMA } },
      },
    },
    {
      told: { text: BERN, finish: 'end_turn' },
      tokens: { input: 187, output: 17 },
      // 187 × 1,000,000 + 17 × 5,000,000
      costPicoUsd: 272_000_000,
    },
  ),
];

const COUNT = user('Count from one to one hundred in words.');
const COUNTED = 'One, two, three, four, five, six, seven, eight';

const stopsByLength: readonly ProviderCase[] = [
  answered(
    {
      ...NANO,
      promise: 'stop-by-length',
      body: { messages: COUNT, max_completion_tokens: 16 },
    },
    {
      told: { text: COUNTED, finish: 'length' },
      tokens: { input: 17, output: 16 },
      // 17 × 200,000 + 16 × 1,250,000
      costPicoUsd: 23_400_000,
    },
  ),
  answered(
    {
      ...FLASH_LITE,
      promise: 'stop-by-length',
      body: { messages: COUNT, max_completion_tokens: 16 },
    },
    {
      told: { text: COUNTED, finish: 'length' },
      tokens: { input: 9, output: 16 },
      // 9 × 300,000 + 16 × 2,500,000
      costPicoUsd: 42_700_000,
    },
  ),
  answered(
    { ...HAIKU, promise: 'stop-by-length', body: { messages: COUNT, max_tokens: 16 } },
    {
      told: { text: COUNTED, finish: 'max_tokens' },
      tokens: { input: 16, output: 16 },
      // 16 × 1,000,000 + 16 × 5,000,000
      costPicoUsd: 96_000_000,
    },
  ),
];

/** Answers in text. */
export const textCases: readonly ProviderCase[] = [
  ...chats,
  ...structuredOutputs,
  ...stopsByLength,
];
