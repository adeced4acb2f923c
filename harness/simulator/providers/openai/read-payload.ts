import { z } from 'zod';

import { parseJson } from '../../parse-json.ts';
import { NO_PAYLOAD, type PayloadError, type ReadPayload } from '../wire.ts';
import { readUsage } from './usage.ts';

const text = z.string().nullish().catch(undefined);

/** A tool call in full, or what one event adds to it. */
const toolCallsSchema = z
  .array(z.looseObject({ function: z.looseObject({ name: text, arguments: text }).nullish() }))
  .nullish()
  .catch(undefined);

const choiceSchema = z.looseObject({
  delta: z
    .looseObject({
      content: text,
      refusal: text,
      reasoning_content: text,
      tool_calls: toolCallsSchema,
    })
    .nullish()
    .catch(undefined),
  message: z.looseObject({ tool_calls: toolCallsSchema }).nullish().catch(undefined),
  finish_reason: text,
});

const errorSchema = z
  .looseObject({
    message: text,
    type: text,
    // Providers that speak this protocol too send numbers.
    code: z.union([z.string(), z.number()]).nullish().catch(undefined),
  })
  .nullish()
  .catch(undefined);

const payloadSchema = z.looseObject({
  model: z.string().optional().catch(undefined),
  usage: z.unknown().optional(),
  choices: z.array(choiceSchema).optional().catch(undefined),
  error: errorSchema,
});

/** What a recorded event, or a recorded plain answer, says. Unreadable data says nothing. */
export function readPayload(data: string): ReadPayload {
  if (data === '[DONE]') {
    return { ...NO_PAYLOAD, isEnd: true };
  }
  const result = payloadSchema.safeParse(parseJson(data));
  if (!result.success) {
    return NO_PAYLOAD;
  }
  const { model, usage, choices = [], error } = result.data;
  return {
    ...NO_PAYLOAD,
    isContent: choices.some(hasContent),
    model,
    usage: readUsage(usage),
    finishReason: choices.find((choice) => choice.finish_reason)?.finish_reason ?? undefined,
    toolCalls: choices.flatMap(toolNames),
    error: readError(error),
  };
}

type Choice = z.infer<typeof choiceSchema>;

/** Text, reasoning or tool arguments; a role or a tool's name alone is none. */
function hasContent({ delta }: Choice): boolean {
  const args = delta?.tool_calls?.map((call) => call.function?.arguments) ?? [];
  return [delta?.content, delta?.refusal, delta?.reasoning_content, ...args].some(Boolean);
}

function toolNames({ delta, message }: Choice): string[] {
  const calls = [...(delta?.tool_calls ?? []), ...(message?.tool_calls ?? [])];
  return calls.flatMap((call) => call.function?.name || []);
}

function readError(error: z.infer<typeof errorSchema>): PayloadError | undefined {
  if (!error) {
    return undefined;
  }
  const codes = [error.code, error.type].flatMap((code) => (code ? [String(code)] : []));
  return { codes, message: error.message ?? '', retryAfterMs: undefined };
}
