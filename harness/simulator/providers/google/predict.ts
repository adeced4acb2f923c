import { z } from 'zod';

import { createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import { PICTURE_BASE64 } from '../../made-up.ts';
import type { GeneratedAnswer } from '../../script.ts';
import type { RawRequest } from '../wire.ts';
import { apiHeaders, JSON_TYPE } from './headers.ts';

const predictSchema = z.looseObject({
  instances: z.array(z.looseObject({ prompt: z.string() })).min(1),
  parameters: z.looseObject({ sampleCount: z.int().positive().nullish() }).nullish(),
});

const SAMPLES = 4;

export function findPredictMistake({ body }: RawRequest): string | undefined {
  const asked = predictSchema.safeParse(body).data;
  if (asked === undefined) {
    return "'instances' must be a list of at least one object with a 'prompt'.";
  }
  const count = asked.parameters?.sampleCount ?? SAMPLES;
  return count > SAMPLES
    ? `Invalid argument: sampleCount must be between 1 and ${SAMPLES}, was ${count}.`
    : undefined;
}

/** Imagen's answer: pictures, no usage and no model. Fewer than asked for when some are filtered. */
export function generatePictures(
  { body }: RawRequest,
  script: GeneratedAnswer | undefined,
): WholeAnswer {
  const asked = predictSchema.safeParse(body).data?.parameters?.sampleCount ?? SAMPLES;
  const images = script?.images ?? asked;
  const picture = { mimeType: 'image/png', bytesBase64Encoded: PICTURE_BASE64 };
  const answer = { predictions: Array.from({ length: images }, () => picture) };
  return createWholeAnswer(`${JSON.stringify(answer, undefined, 2)}\n`, {
    status: 200,
    headers: apiHeaders(JSON_TYPE),
    images,
  });
}
