import { z } from 'zod';

import type { TokenClasses } from '../../ledger.ts';

const count = z.number().default(0);

/**
 * Cached tokens are inside promptTokenCount; those of tool results and of thoughts are apart.
 * A count of zero is left out, candidatesTokenCount too.
 */
const wireUsageSchema = z.looseObject({
  promptTokenCount: z.number().optional(),
  totalTokenCount: z.number().optional(),
  candidatesTokenCount: count,
  cachedContentTokenCount: count,
  thoughtsTokenCount: count,
  toolUsePromptTokenCount: count,
});

/** The mutually exclusive classes of a usageMetadata object; undefined when it is none. */
export function readUsage(usage: unknown): TokenClasses | undefined {
  const result = wireUsageSchema.safeParse(usage);
  const counts = result.data;
  if (counts === undefined || (counts.promptTokenCount ?? counts.totalTokenCount) === undefined) {
    return undefined;
  }
  const prompt = (counts.promptTokenCount ?? 0) + counts.toolUsePromptTokenCount;
  return {
    input: prompt - counts.cachedContentTokenCount,
    cachedInput: counts.cachedContentTokenCount,
    cacheWrite: 0,
    output: counts.candidatesTokenCount,
    reasoning: counts.thoughtsTokenCount,
  };
}

/** What of these tokens a usageMetadata object can say: writing to the cache is no class here. */
export function sayableTokens(tokens: TokenClasses): TokenClasses {
  return { ...tokens, input: tokens.input + tokens.cacheWrite, cacheWrite: 0 };
}

/** `modality` is "TEXT", or its number where enums are numbers. */
export function writeUsage(tokens: TokenClasses, modality: string | number) {
  const { input, cachedInput, output, reasoning } = sayableTokens(tokens);
  const prompt = input + cachedInput;
  const details = (tokenCount: number) => [{ modality, tokenCount }];
  return {
    promptTokenCount: prompt,
    ...(output > 0 ? { candidatesTokenCount: output } : {}),
    totalTokenCount: prompt + output + reasoning,
    ...(cachedInput > 0 ? { cachedContentTokenCount: cachedInput } : {}),
    promptTokensDetails: details(prompt),
    ...(cachedInput > 0 ? { cacheTokensDetails: details(cachedInput) } : {}),
    ...(reasoning > 0 ? { thoughtsTokenCount: reasoning } : {}),
    serviceTier: 'standard',
  };
}
