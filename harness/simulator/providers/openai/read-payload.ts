import { z } from 'zod';

import { parseJson } from '../../parse-json.ts';
import { NO_PAYLOAD, type ReadPayload } from '../wire.ts';
import { readError } from './read-error.ts';
import { readUsage } from './usage.ts';

const text = z.string().nullish().catch(undefined);

/** The legacy form of a tool call, and what is inside a current one. */
const functionSchema = z.looseObject({ name: text, arguments: text }).nullish().catch(undefined);

/** A tool whose input is text instead of JSON. */
const customSchema = z.looseObject({ name: text, input: text }).nullish().catch(undefined);

/** A tool call in full, or what one event adds to it. */
const toolCallsSchema = z
  .array(z.looseObject({ function: functionSchema, custom: customSchema }))
  .nullish()
  .catch(undefined);

const choiceSchema = z.looseObject({
  delta: z
    .looseObject({
      content: text,
      refusal: text,
      reasoning_content: text,
      tool_calls: toolCallsSchema,
      function_call: functionSchema,
    })
    .nullish()
    .catch(undefined),
  message: z
    .looseObject({ tool_calls: toolCallsSchema, function_call: functionSchema })
    .nullish()
    .catch(undefined),
  finish_reason: text,
});

/** An element of a list: a picture has one of these, an embedding has none. */
const pictureSchema = z.looseObject({ url: text, b64_json: text });

const payloadSchema = z.looseObject({
  model: z.string().optional().catch(undefined),
  usage: z.unknown().optional(),
  choices: z.array(choiceSchema).optional().catch(undefined),
  data: z.array(pictureSchema).optional().catch(undefined),
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
  const { model, choices = [], data: listed = [] } = result.data;
  const usage = readUsage(result.data.usage);
  return {
    ...NO_PAYLOAD,
    isContent: choices.some(hasContent),
    // Azure opens its streams with a chunk about the prompt, whose model is ''.
    model: model || undefined,
    usage,
    isUsageFinal: usage !== undefined,
    images: listed.filter(({ url, b64_json }) => url ?? b64_json).length,
    finishReason: choices.find((choice) => choice.finish_reason)?.finish_reason ?? undefined,
    toolCalls: choices.flatMap(toolNames),
    error: readError(result.data),
  };
}

type Choice = z.infer<typeof choiceSchema>;

/** Text, reasoning or tool arguments; a role or a tool's name alone is none. */
function hasContent({ delta }: Choice): boolean {
  const called = [...(delta?.tool_calls ?? []).map((call) => call.function), delta?.function_call];
  const args = called.map((one) => one?.arguments);
  const inputs = (delta?.tool_calls ?? []).map((call) => call.custom?.input);
  return [delta?.content, delta?.refusal, delta?.reasoning_content, ...args, ...inputs].some(
    Boolean,
  );
}

function toolNames({ delta, message }: Choice): string[] {
  const calls = [...(delta?.tool_calls ?? []), ...(message?.tool_calls ?? [])];
  const functions = calls.map((call) => call.function ?? call.custom);
  return [...functions, delta?.function_call, message?.function_call].flatMap(
    (called) => called?.name || [],
  );
}
