import { z } from 'zod';
import { storableText } from '../database/storable-text.ts';
import type { ChatRequest } from '../shapes/shape.ts';

/** What the document says of the answer. */
export const imagesAnswer = z.looseObject({ data: z.array(z.looseObject({})) });

/** A call of POST /images/generations. Images do not come as a stream here. */
export const imagesRequest = z
  .looseObject({
    model: storableText.min(1).max(256).optional(),
    prompt: z.string().min(1),
    n: z.number().int().min(1).max(10).nullish(),
  })
  .transform(
    ({ stream: _plain, ...body }): ChatRequest => ({
      body,
      model: body.model,
      isStream: false,
      wantsUsage: false,
      promptCharacters: body.prompt.length,
    }),
  );
