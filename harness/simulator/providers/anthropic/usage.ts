import { z } from 'zod';

import type { TokenClasses } from '../../ledger.ts';

const count = z.number().nullish();

/** Cached and written tokens are outside input_tokens, thinking is inside output_tokens. */
const wireUsageSchema = z.looseObject({
  input_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  output_tokens: z.number(),
  output_tokens_details: z.looseObject({ thinking_tokens: count }).nullish(),
});

/**
 * The mutually exclusive classes of a wire usage object; undefined when it is none. Usage comes
 * twice in a stream, each time as the total so far. Before 2025-08 the second one had output_tokens
 * alone, so what is missing is as it was `before`.
 */
export function readUsage(usage: unknown, before?: TokenClasses): TokenClasses | undefined {
  const result = wireUsageSchema.safeParse(usage);
  if (!result.success) {
    return undefined;
  }
  const said = result.data;
  const reasoning = said.output_tokens_details?.thinking_tokens ?? before?.reasoning ?? 0;
  return {
    input: said.input_tokens ?? before?.input ?? 0,
    cachedInput: said.cache_read_input_tokens ?? before?.cachedInput ?? 0,
    cacheWrite: said.cache_creation_input_tokens ?? before?.cacheWrite ?? 0,
    output: said.output_tokens - reasoning,
    reasoning,
  };
}

/** The usage object of a plain answer, and of message_start, with the fields of 2026. */
export function writeUsage(tokens: TokenClasses) {
  return {
    ...inputCounts(tokens),
    cache_creation: {
      ephemeral_5m_input_tokens: tokens.cacheWrite,
      ephemeral_1h_input_tokens: 0,
    },
    ...outputCounts(tokens),
    service_tier: 'standard',
    inference_geo: 'not_available',
  };
}

/** The usage object of message_delta: the totals of the whole message, less detailed. */
export function writeDeltaUsage(tokens: TokenClasses) {
  return { ...inputCounts(tokens), ...outputCounts(tokens) };
}

/** What message_start says: the whole input, and the one output token that there is already. */
export function usageAtStart(tokens: TokenClasses): TokenClasses {
  return { ...tokens, output: Math.min(1, tokens.output + tokens.reasoning), reasoning: 0 };
}

function inputCounts({ input, cachedInput, cacheWrite }: TokenClasses) {
  return {
    input_tokens: input,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cachedInput,
  };
}

function outputCounts({ output, reasoning }: TokenClasses) {
  return {
    output_tokens: output + reasoning,
    // Since 2026-05, and only on answers for which the model has thought.
    ...(reasoning > 0 ? { output_tokens_details: { thinking_tokens: reasoning } } : {}),
  };
}
