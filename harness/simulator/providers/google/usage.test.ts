import fc from 'fast-check';
import { expect, test } from 'vitest';

import { tokenClasses } from '../../testing/token-classes.ts';
import { readUsage, sayableTokens, writeUsage } from './usage.ts';

test('google: reads back every usage that it writes, and the total is the sum of the classes', () => {
  fc.assert(
    fc.property(tokenClasses, (tokens) => {
      const usage = writeUsage(tokens, 'TEXT');
      expect(readUsage(usage)).toEqual(sayableTokens(tokens));
      const sum = Object.values(tokens).reduce((total, one) => total + one, 0);
      expect(usage.totalTokenCount).toBe(sum);
    }),
  );
});

test('google: keeps cached tokens inside the prompt, and thoughts outside the candidates', () => {
  const tokens = { input: 1, cachedInput: 20, cacheWrite: 300, output: 4_000, reasoning: 50_000 };
  expect(writeUsage(tokens, 'TEXT')).toMatchObject({
    promptTokenCount: 321,
    cachedContentTokenCount: 20,
    candidatesTokenCount: 4_000,
    thoughtsTokenCount: 50_000,
    totalTokenCount: 54_321,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: 321 }],
  });
});
