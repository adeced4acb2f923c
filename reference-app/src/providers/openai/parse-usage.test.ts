import { describe, expect, test } from 'vitest';
import { parseUsage } from './parse-usage.ts';

describe('openai: usage', () => {
  test('takes the cached tokens out of the prompt and the reasoning out of the completion', () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 20 },
    };
    const tokens = { input: 30, cached_input: 60, cache_write: 10, output: 30, reasoning: 20 };
    expect(parseUsage(usage)).toEqual(tokens);
    expect(Object.values(tokens).reduce((sum, count) => sum + count)).toBe(usage.total_tokens);
  });

  test.for([
    ['without details', {}],
    ['with null details', { prompt_tokens_details: null, completion_tokens_details: null }],
    [
      'with null counts',
      { prompt_tokens_details: { cached_tokens: null }, completion_tokens_details: {} },
    ],
  ] as const)('%s has no special classes', ([, details]) => {
    expect(parseUsage({ prompt_tokens: 7, completion_tokens: 3, ...details })).toEqual({
      input: 7,
      cached_input: 0,
      cache_write: 0,
      output: 3,
      reasoning: 0,
    });
  });

  test('takes parts larger than their total as counted beside it, never as a negative rest', () => {
    const usage = {
      prompt_tokens: 5,
      completion_tokens: 2,
      prompt_tokens_details: { cached_tokens: 128 },
      completion_tokens_details: { reasoning_tokens: 9 },
    };
    expect(parseUsage(usage)).toMatchObject({
      input: 5,
      cached_input: 128,
      output: 2,
      reasoning: 9,
    });
  });

  test.for([
    ['nothing', undefined],
    ['null', null],
    ['text for numbers', { prompt_tokens: '5', completion_tokens: '2' }],
    ['half of it', { completion_tokens: 2 }],
    ['a negative count', { prompt_tokens: -1, completion_tokens: 2 }],
    ['a fraction', { prompt_tokens: 1.5, completion_tokens: 2 }],
  ] as const)('made of %s is no usage', ([, usage]) => {
    expect(parseUsage(usage)).toBeUndefined();
  });
});
