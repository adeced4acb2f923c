import fc from 'fast-check';
import { expect, test } from 'vitest';

import { tokenClasses } from '../../testing/token-classes.ts';
import { readUsage, usageAtStart, writeDeltaUsage, writeUsage } from './usage.ts';

test('anthropic: reads back every usage that it writes, at the start and at the end', () => {
  fc.assert(
    fc.property(tokenClasses, (tokens) => {
      expect(readUsage(writeUsage(tokens))).toEqual(tokens);
      const start = readUsage(writeUsage(usageAtStart(tokens)));
      expect(readUsage(writeDeltaUsage(tokens), start)).toEqual(tokens);
    }),
  );
});

test('anthropic: keeps cached and written tokens outside input_tokens', () => {
  const tokens = { input: 1, cachedInput: 20, cacheWrite: 300, output: 4_000, reasoning: 50_000 };
  expect(writeUsage(tokens)).toMatchObject({
    input_tokens: 1,
    cache_read_input_tokens: 20,
    cache_creation_input_tokens: 300,
    output_tokens: 54_000,
    output_tokens_details: { thinking_tokens: 50_000 },
  });
});
