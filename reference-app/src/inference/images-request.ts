import { z } from 'zod';
import { parseInferenceBody } from '../shapes/parse-inference-body.ts';
import type { ChatRequest } from '../shapes/shape.ts';

const imagesSchema = z.looseObject({
  model: z.string().min(1).max(256).optional(),
  prompt: z.string().min(1),
  n: z.number().int().min(1).max(10).nullish(),
});

/** A call of POST /images/generations. Images do not come as a stream here. */
export function parseImagesRequest(value: unknown): ChatRequest {
  const { stream: _plain, ...body } = parseInferenceBody(imagesSchema, value);
  return {
    body,
    model: body.model,
    isStream: false,
    wantsUsage: false,
    promptCharacters: body.prompt.length,
  };
}
