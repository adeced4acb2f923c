import { z } from 'zod';
import type { TokenCounts } from '../../catalogue/cost.ts';

const count = z.number().int().nonnegative();
const optionalCount = count.nullish();
const usageSchema = z.object({
  input_tokens: optionalCount,
  cache_read_input_tokens: optionalCount,
  cache_creation_input_tokens: optionalCount,
  output_tokens: count,
  output_tokens_details: z.object({ thinking_tokens: optionalCount }).nullish(),
});

/**
 * Anthropic's usage object as exclusive classes; undefined when it is absent or not usable. Cached
 * and written tokens are beside input_tokens, thinking is inside output_tokens. Usage comes twice
 * in a stream, each time as the total so far; the second one had output_tokens alone before
 * 2025-08, so what it leaves out is as it was `before`.
 */
export function parseUsage(value: unknown, before?: TokenCounts): TokenCounts | undefined {
  const parsed = usageSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const input = data.input_tokens ?? before?.input;
  if (input === undefined) return undefined;
  const thinking = data.output_tokens_details?.thinking_tokens ?? before?.reasoning ?? 0;
  const reasoning = Math.min(thinking, data.output_tokens);
  return {
    input,
    cached_input: data.cache_read_input_tokens ?? before?.cached_input ?? 0,
    cache_write: data.cache_creation_input_tokens ?? before?.cache_write ?? 0,
    output: data.output_tokens - reasoning,
    reasoning,
  };
}
