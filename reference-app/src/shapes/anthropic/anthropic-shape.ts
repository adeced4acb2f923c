import { z } from 'zod';
import { storableText } from '../../database/storable-text.ts';
import type { ChatRequest, Shape } from '../shape.ts';
import { toEvent } from '../to-event.ts';
import { toErrorBody, typeOfError, typeOfStatus } from './error-types.ts';
import { createAnthropicWriter } from './stream-writer.ts';

/** A block of any kind; a tool's result holds text or blocks of its own. */
const contentBlock = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  content: z
    .union([z.string(), z.array(z.looseObject({ text: z.string().optional().catch(undefined) }))])
    .optional()
    .catch(undefined),
});
const content = z.union([z.string(), z.array(contentBlock)]).meta({ id: 'AnthropicContent' });

const messagesSchema = z.looseObject({
  model: storableText.min(1).max(256).optional(),
  max_tokens: z.number(),
  system: content.nullish(),
  messages: z.array(z.looseObject({ role: z.string(), content })).min(1),
  stream: z.boolean().nullish(),
});

type Content = z.infer<typeof content>;

function toChatRequest(body: z.infer<typeof messagesSchema>): ChatRequest {
  const texts = [body.system ?? '', ...body.messages.map((message) => message.content)];
  return {
    body,
    model: body.model,
    isStream: body.stream === true,
    wantsUsage: true,
    promptCharacters: texts.reduce((sum, text) => sum + countCharacters(text), 0),
  };
}

function countCharacters(value: Content): number {
  if (typeof value === 'string') return value.length;
  let characters = 0;
  for (const { text = '', content: result = '' } of value) {
    characters += text.length;
    if (typeof result === 'string') characters += result.length;
    else for (const part of result) characters += part.text?.length ?? 0;
  }
  return characters;
}

/** Anthropic's messages. */
export const anthropicShape: Shape = {
  name: 'anthropic',
  request: messagesSchema.transform(toChatRequest),
  answer: z.looseObject({
    type: z.literal('message'),
    model: z.string(),
    content: z.array(z.looseObject({})),
  }),
  refusal: z
    .object({
      type: z.literal('error'),
      error: z.object({ type: z.string(), message: z.string() }),
      request_id: z.string(),
    })
    .meta({ id: 'AnthropicError' }),
  toErrorAnswer: ({ status, body }, requestId) => ({
    ...toErrorBody(typeOfStatus(status), body.message),
    request_id: requestId,
  }),
  toErrorEvent: ({ type, message }) =>
    toEvent(JSON.stringify(toErrorBody(typeOfError(type), message)), 'error'),
  createWriter: createAnthropicWriter,
};
