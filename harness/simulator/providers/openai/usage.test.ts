import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { tokenClasses } from '../../testing/token-classes.ts';
import { readUsage, writeUsage } from './usage.ts';

describe('openai: usage', () => {
  test('keeps cached and written tokens apart from input, and reasoning apart from output', () => {
    const usage = {
      prompt_tokens: 4020,
      completion_tokens: 104,
      prompt_tokens_details: { cached_tokens: 1000, cache_write_tokens: 3012 },
      completion_tokens_details: { reasoning_tokens: 100 },
    };
    expect(readUsage(usage)).toEqual({
      input: 8,
      cachedInput: 1000,
      cacheWrite: 3012,
      output: 4,
      reasoning: 100,
    });
  });

  test('reads embeddings, which have no completion tokens', () => {
    expect(readUsage({ prompt_tokens: 9, total_tokens: 9 })).toMatchObject({ input: 9, output: 0 });
  });

  test.for([null, undefined, {}, 'none', { prompt_tokens: '5' }])(
    'reads %j as no usage',
    (usage) => {
      expect(readUsage(usage)).toBeUndefined();
    },
  );

  test('reads back every usage that it writes, and the total is the sum of the classes', () => {
    fc.assert(
      fc.property(tokenClasses, (tokens) => {
        const usage = writeUsage(tokens);
        expect(readUsage(usage)).toEqual(tokens);
        const sum = Object.values(tokens).reduce((total, one) => total + one, 0);
        expect(usage.total_tokens).toBe(sum);
      }),
    );
  });
});
