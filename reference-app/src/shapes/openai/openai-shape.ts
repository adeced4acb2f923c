import { z } from 'zod';
import { storableText } from '../../database/storable-text.ts';
import { toEnvelope } from '../../errors/api-error.ts';
import type { ChatRequest, Shape } from '../shape.ts';
import { createOpenAiWriter } from './stream-writer.ts';

const contentPart = z.looseObject({ text: z.string().optional() });

const chatSchema = z.looseObject({
  model: storableText.min(1).max(256).optional(),
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

function toChatRequest(body: z.infer<typeof chatSchema>): ChatRequest {
  return {
    body,
    model: body.model,
    isStream: body.stream === true,
    wantsUsage: body.stream_options?.include_usage === true,
    promptCharacters: countCharacters(body.messages),
  };
}

function countCharacters(messages: z.infer<typeof chatSchema>['messages']): number {
  let characters = 0;
  for (const { content } of messages) {
    if (typeof content === 'string') characters += content.length;
    else for (const { text = '' } of content ?? []) characters += text.length;
  }
  return characters;
}

/** OpenAI's chat completions. */
export const openAiShape: Shape = {
  name: 'openai',
  request: chatSchema.transform(toChatRequest),
  answer: z.looseObject({ model: z.string(), choices: z.array(z.looseObject({})) }),
  refusal: z
    .object({
      error: z.object({
        message: z.string(),
        type: z.string(),
        param: z.string().nullable(),
        code: z.union([z.string(), z.number()]).nullable(),
      }),
    })
    .meta({ id: 'Error' }),
  toErrorAnswer: ({ body }) => toEnvelope(body),
  toErrorEvent: (error) => `data: ${JSON.stringify(toEnvelope(error))}\n\n`,
  createWriter: createOpenAiWriter,
};
