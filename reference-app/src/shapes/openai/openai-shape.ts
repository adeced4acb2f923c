import { z } from 'zod';
import { toEnvelope } from '../../errors/api-error.ts';
import { parseInferenceBody } from '../parse-inference-body.ts';
import type { ChatRequest, Shape } from '../shape.ts';
import { createOpenAiWriter } from './stream-writer.ts';

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

function parseRequest(value: unknown): ChatRequest {
  const body = parseInferenceBody(chatSchema, value);
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
  parseRequest,
  toErrorAnswer: ({ body }) => toEnvelope(body),
  toErrorEvent: (error) => `data: ${JSON.stringify(toEnvelope(error))}\n\n`,
  createWriter: createOpenAiWriter,
};
