import { z } from 'zod';

import type { TokenClasses } from '../../ledger.ts';
import { parseJson } from '../../parse-json.ts';
import { NO_PAYLOAD, type PayloadError, type ReadPayload } from '../wire.ts';
import { readUsage } from './usage.ts';

const text = z.string().nullish().catch(undefined);

const blockSchema = z.looseObject({ type: text, name: text }).nullish().catch(undefined);

const errorSchema = z.looseObject({ type: text, message: text }).nullish().catch(undefined);

/** A message, or one event of a stream: they share their names, and no event has them all. */
const payloadSchema = z.looseObject({
  type: text,
  model: text,
  stop_reason: text,
  content: z.array(blockSchema).nullish().catch(undefined),
  usage: z.unknown().optional(),
  message: z
    .looseObject({ model: text, usage: z.unknown().optional() })
    .optional()
    .catch(undefined),
  content_block: blockSchema,
  delta: z
    .looseObject({ stop_reason: text, text, thinking: text, partial_json: text })
    .nullish()
    .catch(undefined),
  error: errorSchema,
});

/** What a recorded event, or a recorded plain answer, says. Unreadable data says nothing. */
export function readPayload(data: string, usageBefore?: TokenClasses): ReadPayload {
  const result = payloadSchema.safeParse(parseJson(data));
  if (!result.success) {
    return NO_PAYLOAD;
  }
  const { type, model, message, usage, delta, stop_reason, error } = result.data;
  const blocks = [...(result.data.content ?? []), result.data.content_block];
  return {
    ...NO_PAYLOAD,
    // Text, thinking or tool arguments; a signature or a citation alone is none.
    isContent: [delta?.text, delta?.thinking, delta?.partial_json].some(Boolean),
    model: message?.model ?? model ?? undefined,
    usage: readUsage(message?.usage ?? usage, usageBefore),
    isUsageFinal: type !== 'message_start',
    // An error ends a stream in the place of message_stop.
    isEnd: type === 'message_stop' || type === 'error',
    finishReason: delta?.stop_reason ?? stop_reason ?? undefined,
    toolCalls: blocks.flatMap((block) =>
      block?.type?.endsWith('tool_use') && block.name ? [block.name] : [],
    ),
    error: readError(error),
  };
}

function readError(error: z.infer<typeof errorSchema>): PayloadError | undefined {
  if (!error) {
    return undefined;
  }
  const { type, message } = error;
  return { codes: type ? [type] : [], message: message ?? '', retryAfterMs: undefined };
}
