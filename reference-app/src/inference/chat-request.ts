import { z } from 'zod';
import { ApiError } from '../errors/api-error.ts';
import type { JsonObject } from '../providers/provider.ts';

const contentPart = z.looseObject({ text: z.string().optional() });

const chatSchema = z.looseObject({
  model: z.string().min(1).max(256).optional(),
  messages: z
    .array(
      z.looseObject({
        role: z.string(),
        content: z.union([z.string(), z.array(contentPart)]).nullish(),
      }),
    )
    .min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
});

type ChatBody = z.infer<typeof chatSchema>;

/** A valid call of POST /chat/completions. */
export interface ChatRequest {
  readonly body: JsonObject;
  /** undefined: the default model of the credential. */
  readonly model: string | undefined;
  readonly isStream: boolean;
  /** The client asked for the usage chunk, so it may see it. */
  readonly wantsUsage: boolean;
  /** Length of all texts in the messages, in UTF-16 units. */
  readonly promptCharacters: number;
}

function countCharacters(messages: ChatBody['messages']): number {
  let characters = 0;
  for (const { content } of messages) {
    if (typeof content === 'string') characters += content.length;
    else for (const { text = '' } of content ?? []) characters += text.length;
  }
  return characters;
}

/** Checks what the service itself needs; the rest of the body is the provider's to judge. */
export function parseChatRequest(value: unknown): ChatRequest {
  const parsed = chatSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.join('.') ?? '';
    throw new ApiError({
      status: 400,
      message: `Invalid request body: ${param === '' ? '' : `${param}: `}${issue?.message ?? 'not valid'}.`,
      type: 'invalid_request_error',
      param: param === '' ? null : param,
      code: 'invalid_body',
    });
  }
  const body = parsed.data;
  return {
    body,
    model: body.model,
    isStream: body.stream === true,
    wantsUsage: body.stream_options?.include_usage === true,
    promptCharacters: countCharacters(body.messages),
  };
}
