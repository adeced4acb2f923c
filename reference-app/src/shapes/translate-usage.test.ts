import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toAnthropicUsage, toOpenAiUsage } from './translate-usage.ts';

describe('usage', () => {
  test('has cached and written tokens inside the prompt at OpenAI, beside it at Anthropic', () => {
    const openAi = {
      prompt_tokens: 130,
      completion_tokens: 50,
      total_tokens: 180,
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 30 },
    };
    const anthropic = {
      input_tokens: 10,
      cache_creation_input_tokens: 20,
      cache_read_input_tokens: 100,
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 30 },
    };
    expect(toAnthropicUsage(openAi)).toEqual(anthropic);
    expect(toOpenAiUsage(anthropic)).toEqual(openAi);
  });

  test('comes back as it was, whatever its numbers', () => {
    const count = fc.nat(1_000_000);
    fc.assert(
      fc.property(count, count, count, count, (input, cached, written, output) => {
        const usage = {
          input_tokens: input,
          cache_creation_input_tokens: written,
          cache_read_input_tokens: cached,
          output_tokens: output,
        };
        expect(toAnthropicUsage(toOpenAiUsage(usage))).toEqual(usage);
      }),
    );
  });

  test.for([undefined, null, {}, { prompt_tokens: '5', completion_tokens: 1 }])(
    'is none when it is %j',
    (usage) => {
      expect(toAnthropicUsage(usage)).toBeUndefined();
      expect(toOpenAiUsage(usage)).toBeUndefined();
    },
  );

  test('never subtracts parts that were counted beside their total', () => {
    const usage = {
      prompt_tokens: 5,
      completion_tokens: 1,
      prompt_tokens_details: { cached_tokens: 128 },
    };
    expect(toAnthropicUsage(usage)).toMatchObject({
      input_tokens: 5,
      cache_read_input_tokens: 128,
    });
  });
});
