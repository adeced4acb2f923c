import { z } from 'zod';
import type { TokenCounts } from '../../catalogue/cost.ts';

const count = z.number().int().nonnegative();
const optionalCount = count.nullish().transform((value) => value ?? 0);

/** A count of zero is left out. */
const usageSchema = z
  .object({
    promptTokenCount: count.optional(),
    totalTokenCount: count.optional(),
    cachedContentTokenCount: optionalCount,
    toolUsePromptTokenCount: optionalCount,
    candidatesTokenCount: optionalCount,
    thoughtsTokenCount: optionalCount,
  })
  .refine((usage) => (usage.promptTokenCount ?? usage.totalTokenCount) !== undefined);

/**
 * Gemini's usageMetadata as exclusive classes: cached tokens are inside the prompt's, those of tool
 * results and of thoughts are counted apart. undefined when it is absent or not usable.
 */
export function parseUsage(value: unknown): TokenCounts | undefined {
  const parsed = usageSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const usage = parsed.data;
  const { promptTokenCount: prompt = 0, cachedContentTokenCount: cached } = usage;
  return {
    input: Math.max(prompt - cached, 0) + usage.toolUsePromptTokenCount,
    cached_input: cached,
    cache_write: 0,
    output: usage.candidatesTokenCount,
    reasoning: usage.thoughtsTokenCount,
  };
}
