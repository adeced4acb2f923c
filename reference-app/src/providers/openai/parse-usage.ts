import { z } from 'zod';
import type { TokenCounts } from '../../catalogue/cost.ts';

const count = z.number().int().nonnegative();
const optionalCount = count.nullish().transform((value) => value ?? 0);

const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z
    .object({ cached_tokens: optionalCount, cache_write_tokens: optionalCount })
    .nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: optionalCount }).nullish(),
});

/** OpenAI counts the parts inside the total; some servers that speak its protocol count beside it. */
function withoutParts(total: number, parts: number): number {
  return parts <= total ? total - parts : total;
}

/** OpenAI's usage object as exclusive classes; undefined when it is absent or not usable. */
export function parseUsage(value: unknown): TokenCounts | undefined {
  const parsed = usageSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details } =
    parsed.data;
  const cached = prompt_tokens_details?.cached_tokens ?? 0;
  const written = prompt_tokens_details?.cache_write_tokens ?? 0;
  const reasoning = completion_tokens_details?.reasoning_tokens ?? 0;
  return {
    input: withoutParts(prompt_tokens, cached + written),
    cached_input: cached,
    cache_write: written,
    output: withoutParts(completion_tokens, reasoning),
    reasoning,
  };
}
