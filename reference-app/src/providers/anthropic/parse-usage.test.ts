import { describe, expect, test } from 'vitest';
import { parseUsage } from './parse-usage.ts';

const START = { input: 5, cached_input: 128, cache_write: 40, output: 1, reasoning: 0 };

describe('anthropic: usage', () => {
  test('keeps cached and written tokens beside the input and takes thinking out of the output', () => {
    const usage = {
      input_tokens: 5,
      cache_read_input_tokens: 128,
      cache_creation_input_tokens: 40,
      cache_creation: { ephemeral_5m_input_tokens: 40, ephemeral_1h_input_tokens: 0 },
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 20 },
      service_tier: 'standard',
    };
    expect(parseUsage(usage)).toEqual({
      input: 5,
      cached_input: 128,
      cache_write: 40,
      output: 30,
      reasoning: 20,
    });
  });

  test.for([
    ['output alone, as before 2025-08', { output_tokens: 9 }, { ...START, output: 9 }],
    [
      'nulls',
      { input_tokens: null, cache_read_input_tokens: null, output_tokens: 9 },
      { ...START, output: 9 },
    ],
    [
      'a total of its own',
      { input_tokens: 7, output_tokens: 9 },
      { ...START, input: 7, output: 9 },
    ],
    [
      'thinking, which only the end tells',
      { output_tokens: 9, output_tokens_details: { thinking_tokens: 4 } },
      { ...START, output: 5, reasoning: 4 },
    ],
  ] as const)('at the end with %s replaces what the start said', ([, usage, expected]) => {
    expect(parseUsage(usage, START)).toEqual(expected);
  });

  test('never has more thinking than output', () => {
    const usage = {
      input_tokens: 1,
      output_tokens: 2,
      output_tokens_details: { thinking_tokens: 3 },
    };
    expect(parseUsage(usage)).toMatchObject({ output: 0, reasoning: 2 });
  });

  test.for([
    ['nothing', undefined],
    ['null', null],
    ['output alone, with nothing before', { output_tokens: 2 }],
    ['text for numbers', { input_tokens: '5', output_tokens: '2' }],
    ['half of it', { input_tokens: 2 }],
    ['a negative count', { input_tokens: -1, output_tokens: 2 }],
    ['a fraction', { input_tokens: 1.5, output_tokens: 2 }],
  ] as const)('made of %s is no usage', ([, usage]) => {
    expect(parseUsage(usage)).toBeUndefined();
  });
});
