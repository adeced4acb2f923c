import { z } from 'zod';
import type { JsonObject } from './json-object.ts';

const count = z.number().nullish();

const anthropicUsage = z.object({
  input_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  output_tokens: z.number(),
  output_tokens_details: z.object({ thinking_tokens: count }).nullish(),
});

const openAiUsage = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  prompt_tokens_details: z.object({ cached_tokens: count, cache_write_tokens: count }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: count }).nullish(),
});

/** Anthropic's usage in OpenAI's meaning, where the prompt includes all that the cache did. */
export function toOpenAiUsage(usage: unknown): JsonObject | undefined {
  const parsed = anthropicUsage.safeParse(usage);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const cached = data.cache_read_input_tokens ?? 0;
  const written = data.cache_creation_input_tokens ?? 0;
  const prompt = (data.input_tokens ?? 0) + cached + written;
  return {
    prompt_tokens: prompt,
    completion_tokens: data.output_tokens,
    total_tokens: prompt + data.output_tokens,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    completion_tokens_details: {
      reasoning_tokens: data.output_tokens_details?.thinking_tokens ?? 0,
    },
  };
}

/** OpenAI's usage in Anthropic's meaning, where input_tokens is what no cache had a part in. */
export function toAnthropicUsage(usage: unknown): JsonObject | undefined {
  const parsed = openAiUsage.safeParse(usage);
  if (!parsed.success) return undefined;
  const { prompt_tokens, completion_tokens, ...details } = parsed.data;
  const cached = details.prompt_tokens_details?.cached_tokens ?? 0;
  const written = details.prompt_tokens_details?.cache_write_tokens ?? 0;
  const thinking = details.completion_tokens_details?.reasoning_tokens ?? 0;
  return {
    // Some servers count the parts beside the total, as the metering of their usage knows.
    input_tokens:
      cached + written <= prompt_tokens ? prompt_tokens - cached - written : prompt_tokens,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: cached,
    output_tokens: completion_tokens,
    ...(thinking > 0 && { output_tokens_details: { thinking_tokens: thinking } }),
  };
}
