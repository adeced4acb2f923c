import type { ProviderCase } from './case.ts';
import { answered } from './create-case.ts';
import { FLASH, FLASH_LITE, HAIKU, NANO } from './models.ts';

const NAME = 'get_weather';
const DESCRIPTION = 'The weather in a city now.';
const PARAMETERS = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

function ask(content: string) {
  const described = { name: NAME, description: DESCRIPTION };
  return {
    messages: [{ role: 'user', content }],
    tools: [{ type: 'function', function: { ...described, parameters: PARAMETERS } }],
  };
}

function askClaude(content: string) {
  return {
    messages: [{ role: 'user', content }],
    tools: [{ name: NAME, description: DESCRIPTION, input_schema: PARAMETERS }],
    max_tokens: 256,
  };
}

function called(id: string, city: string) {
  return { id, name: NAME, arguments: { city } };
}

// Of what Gemini thought before it called.
const SIGNATURE = 'c3ludGhldGljIHNpZ25hdHVyZSBvZiBhIHRob3VnaHQ=';

const IN_BERN = 'What is the weather in Bern?';
const IN_ZURICH = 'What is the weather in Zürich?';
const IN_BOTH = 'What is the weather in Bern and in Oslo?';

/** Calls of a tool; nobody runs it. */
export const toolCases: readonly ProviderCase[] = [
  answered(
    { ...NANO, promise: 'tool-call', body: ask(IN_BERN) },
    {
      told: { toolCalls: [called('call_synthetic_bern', 'Bern')], finish: 'tool_calls' },
      tokens: { input: 58, output: 15 },
      // 58 × 200,000 + 15 × 1,250,000
      costPicoUsd: 30_350_000,
    },
  ),
  answered(
    { ...FLASH, promise: 'tool-call', body: ask(IN_BERN) },
    {
      told: {
        toolCalls: [{ ...called('synthetic_bern', 'Bern'), signature: SIGNATURE }],
        finish: 'tool_calls',
      },
      tokens: { input: 71, output: 16, reasoning: 54 },
      // 71 × 1,500,000 + (16 + 54) × 9,000,000
      costPicoUsd: 736_500_000,
    },
  ),
  answered(
    { ...HAIKU, promise: 'tool-call', body: askClaude(IN_BERN) },
    {
      told: { toolCalls: [called('toolu_synthetic_bern', 'Bern')], finish: 'tool_use' },
      tokens: { input: 573, output: 54 },
      // 573 × 1,000,000 + 54 × 5,000,000
      costPicoUsd: 843_000_000,
    },
  ),
  answered(
    { ...NANO, promise: 'tool-call-stream', body: { ...ask(IN_ZURICH), stream: true } },
    {
      told: { toolCalls: [called('call_synthetic_zurich', 'Zürich')], finish: 'tool_calls' },
      contentEvents: 5,
      tokens: { input: 59, output: 16 },
      // 59 × 200,000 + 16 × 1,250,000
      costPicoUsd: 31_800_000,
    },
  ),
  answered(
    { ...FLASH, promise: 'tool-call-stream', body: { ...ask(IN_ZURICH), stream: true } },
    {
      told: {
        toolCalls: [{ ...called('synthetic_zurich', 'Zürich'), signature: SIGNATURE }],
        finish: 'tool_calls',
      },
      contentEvents: 1,
      tokens: { input: 72, output: 17, reasoning: 49 },
      // 72 × 1,500,000 + (17 + 49) × 9,000,000
      costPicoUsd: 702_000_000,
    },
  ),
  answered(
    {
      ...HAIKU,
      promise: 'tool-call-stream',
      body: {
        ...askClaude(IN_ZURICH),
        stream: true,
        max_tokens: 2_048,
        thinking: { type: 'enabled', budget_tokens: 1_024 },
      },
    },
    {
      told: {
        reasoning: 'They want the weather in Zürich.',
        toolCalls: [called('toolu_synthetic_zurich', 'Zürich')],
        finish: 'tool_use',
      },
      contentEvents: 5,
      tokens: { input: 423, output: 55, reasoning: 41 },
      // 423 × 1,000,000 + (55 + 41) × 5,000,000
      costPicoUsd: 903_000_000,
    },
  ),
  answered(
    { ...NANO, promise: 'parallel-tools', body: ask(IN_BOTH) },
    {
      told: {
        toolCalls: [called('call_synthetic_bern', 'Bern'), called('call_synthetic_oslo', 'Oslo')],
        finish: 'tool_calls',
      },
      tokens: { input: 62, output: 46 },
      // 62 × 200,000 + 46 × 1,250,000
      costPicoUsd: 69_900_000,
    },
  ),
  answered(
    { ...FLASH_LITE, promise: 'parallel-tools', body: ask(IN_BOTH) },
    {
      told: {
        toolCalls: [
          { ...called('synthetic_bern', 'Bern'), signature: SIGNATURE },
          called('synthetic_oslo', 'Oslo'),
        ],
        finish: 'tool_calls',
      },
      tokens: { input: 74, output: 32 },
      // 74 × 300,000 + 32 × 2,500,000
      costPicoUsd: 102_200_000,
    },
  ),
  answered(
    { ...HAIKU, promise: 'parallel-tools', body: askClaude(IN_BOTH) },
    {
      told: {
        text: 'I will look up both.',
        toolCalls: [called('toolu_synthetic_bern', 'Bern'), called('toolu_synthetic_oslo', 'Oslo')],
        finish: 'tool_use',
      },
      tokens: { input: 577, output: 106 },
      // 577 × 1,000,000 + 106 × 5,000,000
      costPicoUsd: 1_107_000_000,
    },
  ),
];
