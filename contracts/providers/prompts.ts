import type { ProviderCase } from './case.ts';
import { answered } from './create-case.ts';
import { FLASH_LITE, HAIKU, NANO, SONNET } from './models.ts';

function user(content: string) {
  return [{ role: 'user', content }];
}

const IN_FRENCH = 'Answer in French, in one word.';
const THANKS = user('How do you say thank you?');

/** An instruction beside the talk: each provider has another place for it. */
const systemPrompts: readonly ProviderCase[] = [
  answered(
    {
      ...NANO,
      promise: 'system-prompt',
      body: { messages: [{ role: 'system', content: IN_FRENCH }, ...THANKS] },
    },
    {
      told: { text: 'Merci.', finish: 'stop' },
      tokens: { input: 24, output: 3 },
      // 24 × 200,000 + 3 × 1,250,000
      costPicoUsd: 8_550_000,
    },
  ),
  answered(
    {
      ...FLASH_LITE,
      promise: 'system-prompt',
      body: { messages: [{ role: 'system', content: IN_FRENCH }, ...THANKS] },
    },
    {
      told: { text: 'Merci.', finish: 'stop' },
      tokens: { input: 17, output: 2 },
      // 17 × 300,000 + 2 × 2,500,000
      costPicoUsd: 10_100_000,
    },
  ),
  answered(
    { ...HAIKU, promise: 'system-prompt', body: { system: IN_FRENCH, messages: THANKS } },
    {
      told: { text: 'Merci.', finish: 'end_turn' },
      tokens: { input: 26, output: 5 },
      // 26 × 1,000,000 + 5 × 5,000,000
      costPicoUsd: 51_000_000,
    },
  ),
];

// Long enough for the caches of the providers, which begin at 1,024 tokens.
const BACKGROUND = 'Tally asks four witnesses what has happened. '.repeat(150).trim();
const ADA = 'My name is Ada.';
const NICE = 'Nice to meet you, Ada.';
const WHO = 'What is my name?';
const YOU_ARE_ADA = 'Your name is Ada.';
const CACHED = { cache_control: { type: 'ephemeral' } };

const talk = [
  { role: 'system', content: BACKGROUND },
  ...user(ADA),
  { role: 'assistant', content: NICE },
  ...user(WHO),
];

/** The third turn of a talk whose long beginning the provider has read before. */
const multiTurns: readonly ProviderCase[] = [
  answered(
    { ...NANO, promise: 'multi-turn', body: { messages: talk } },
    {
      told: { text: YOU_ARE_ADA, finish: 'stop' },
      tokens: { input: 51, cached_input: 1_280, output: 6 },
      // 51 × 200,000 + 1,280 × 20,000 + 6 × 1,250,000
      costPicoUsd: 43_300_000,
    },
  ),
  answered(
    { ...FLASH_LITE, promise: 'multi-turn', body: { messages: talk } },
    {
      told: { text: YOU_ARE_ADA, finish: 'stop' },
      tokens: { input: 286, cached_input: 1_024, output: 6 },
      // 286 × 300,000 + 1,024 × 30,000 + 6 × 2,500,000
      costPicoUsd: 131_520_000,
    },
  ),
  answered(
    {
      ...SONNET,
      promise: 'multi-turn',
      body: {
        system: [{ type: 'text', text: BACKGROUND, ...CACHED }],
        messages: [
          ...user(ADA),
          { role: 'assistant', content: NICE },
          { role: 'user', content: [{ type: 'text', text: WHO, ...CACHED }] },
        ],
      },
    },
    {
      told: { text: YOU_ARE_ADA, finish: 'end_turn' },
      tokens: { input: 3, cached_input: 1_310, cache_write: 43, output: 9 },
      // 3 × 3,000,000 + 1,310 × 300,000 + 43 × 3,750,000 + 9 × 15,000,000
      costPicoUsd: 698_250_000,
    },
  ),
];

/** More than one message: what stands beside the talk, and what was said before. */
export const promptCases: readonly ProviderCase[] = [...systemPrompts, ...multiTurns];
