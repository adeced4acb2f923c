import { describe, expect, test } from 'vitest';
import { parseUsage } from './parse-usage.ts';

const NONE = { input: 0, cached_input: 0, cache_write: 0, output: 0, reasoning: 0 };

describe('google: usage', () => {
  test('takes the cached tokens out of the prompt; those of tools and thoughts are beside it', () => {
    const usage = {
      promptTokenCount: 100,
      cachedContentTokenCount: 60,
      toolUsePromptTokenCount: 30,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 5,
      totalTokenCount: 155,
    };
    const tokens = { input: 70, cached_input: 60, cache_write: 0, output: 20, reasoning: 5 };
    expect(parseUsage(usage)).toEqual(tokens);
    expect(Object.values(tokens).reduce((sum, count) => sum + count)).toBe(usage.totalTokenCount);
  });

  test.for([
    ['before the first token', { promptTokenCount: 8, totalTokenCount: 8 }, { input: 8 }],
    ['without a prompt', { totalTokenCount: 3, candidatesTokenCount: 3 }, { output: 3 }],
    ['with null counts', { promptTokenCount: 8, thoughtsTokenCount: null }, { input: 8 }],
    [
      'with more cached than prompt tokens, never as a negative rest',
      { promptTokenCount: 5, cachedContentTokenCount: 9 },
      { cached_input: 9 },
    ],
  ] as const)('%s', ([, usage, tokens]) => {
    expect(parseUsage(usage)).toEqual({ ...NONE, ...tokens });
  });

  test.for([
    ['nothing', undefined],
    ['null', null],
    ['no count', {}],
    ['text for numbers', { promptTokenCount: '8' }],
    ['a negative count', { promptTokenCount: -1 }],
    ['a fraction', { promptTokenCount: 1.5 }],
  ] as const)('made of %s is no usage', ([, usage]) => {
    expect(parseUsage(usage)).toBeUndefined();
  });
});
