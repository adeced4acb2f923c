import { z } from 'zod';

import type { TokenClasses } from '../../ledger.ts';

const count = z.number().default(0);

/** Cached and written tokens are inside prompt_tokens, reasoning is inside completion_tokens. */
const wireUsageSchema = z.looseObject({
  prompt_tokens: z.number(),
  completion_tokens: count,
  prompt_tokens_details: z
    .looseObject({ cached_tokens: count, cache_write_tokens: count })
    .nullish(),
  completion_tokens_details: z.looseObject({ reasoning_tokens: count }).nullish(),
});

/** Of pictures. */
const imageUsageSchema = z.looseObject({ input_tokens: z.number(), output_tokens: count });

/** The mutually exclusive classes of a wire usage object; undefined when it is none. */
export function readUsage(usage: unknown): TokenClasses | undefined {
  const result = wireUsageSchema.safeParse(usage);
  if (!result.success) {
    return readImageUsage(usage);
  }
  const { prompt_tokens: prompt, completion_tokens: completion } = result.data;
  const { cached_tokens: cachedInput = 0, cache_write_tokens: cacheWrite = 0 } =
    result.data.prompt_tokens_details ?? {};
  const reasoning = result.data.completion_tokens_details?.reasoning_tokens ?? 0;
  return {
    input: prompt - cachedInput - cacheWrite,
    cachedInput,
    cacheWrite,
    output: completion - reasoning,
    reasoning,
  };
}

function readImageUsage(usage: unknown): TokenClasses | undefined {
  const said = imageUsageSchema.safeParse(usage).data;
  const { input_tokens: input = 0, output_tokens: output = 0 } = said ?? {};
  return said && { input, cachedInput: 0, cacheWrite: 0, output, reasoning: 0 };
}

/** The usage object of pictures: neither caches nor reasoning are told apart. */
export function writeImageUsage({ output, reasoning, ...inputs }: TokenClasses) {
  const input = inputs.input + inputs.cachedInput + inputs.cacheWrite;
  return {
    input_tokens: input,
    input_tokens_details: { text_tokens: input, image_tokens: 0 },
    output_tokens: output + reasoning,
    total_tokens: input + output + reasoning,
  };
}

/** The usage object that says these classes, with the fields of late 2025. */
export function writeUsage({ input, cachedInput, cacheWrite, output, reasoning }: TokenClasses) {
  const prompt = input + cachedInput + cacheWrite;
  const completion = output + reasoning;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: cachedInput,
      audio_tokens: 0,
      // Since 2026-07, and only seen on answers that wrote something.
      ...(cacheWrite > 0 ? { cache_write_tokens: cacheWrite } : {}),
    },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
