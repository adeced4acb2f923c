import { z } from 'zod';

import { createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import { hexId, PICTURE_BASE64 } from '../../made-up.ts';
import type { GeneratedAnswer } from '../../script.ts';
import { planCompletion } from '../plan-completion.ts';
import type { AnswerContext, ProviderRequest, RawRequest } from '../wire.ts';
import type { Mistake } from './errors.ts';
import { apiHeaders } from './headers.ts';
import { readUsage, writeImageUsage } from './usage.ts';

const imagesSchema = z.looseObject({
  prompt: z.string().optional().catch(undefined),
  n: z.int().positive().nullish().catch(undefined),
  response_format: z.enum(['url', 'b64_json']).nullish().catch(undefined),
});

function readImages({ body }: RawRequest): z.infer<typeof imagesSchema> {
  return imagesSchema.safeParse(body).data ?? {};
}

const IMAGES_MAX = 10;

/** The dall-e generation: one picture at a time, as an address, and billed without tokens. */
function isDallE(model: string | undefined): boolean {
  return model?.startsWith('dall-e') ?? false;
}

export function findImagesMistake(request: ProviderRequest): Mistake | undefined {
  const { prompt, n } = readImages(request);
  if (prompt === undefined) {
    const message = "Missing required parameter: 'prompt'.";
    return { message, param: 'prompt', code: 'missing_required_parameter' };
  }
  const max = isDallE(request.model) ? 1 : IMAGES_MAX;
  if ((n ?? 1) > max) {
    const message = `Invalid 'n': integer above maximum value. Expected a value <= ${max}, but got ${n} instead.`;
    return { message, param: 'n', code: 'integer_above_max_value' };
  }
  return undefined;
}

/** Pictures of one pixel, as many as were asked for. */
export function generateImages(
  request: ProviderRequest,
  script: GeneratedAnswer | undefined,
  context: AnswerContext,
): WholeAnswer {
  const { model } = request;
  const { prompt, n, response_format } = readImages(request);
  const plan = planCompletion({ model, prompt, outputTokensMax: undefined }, script);
  const images = script?.images ?? n ?? 1;
  const isAddress = isDallE(model) && response_format !== 'b64_json';
  const usage = plan.sendsUsage && !isDallE(model) ? writeImageUsage(plan.tokens) : undefined;
  const id = hexId('openai picture', context.callId, 24);
  const body = {
    created: Math.floor(context.nowMs / 1_000),
    data: Array.from({ length: images }, (_, index) => ({
      ...(isDallE(model) ? { revised_prompt: prompt } : {}),
      // Nothing answers there: a reader that follows the address would leave this machine.
      ...(isAddress
        ? { url: `https://pictures.invalid/${id}-${index}.png` }
        : { b64_json: PICTURE_BASE64 }),
    })),
    ...(usage === undefined ? {} : { usage }),
  };
  return createWholeAnswer(`${JSON.stringify(body, undefined, 2)}\n`, {
    status: 200,
    headers: apiHeaders('application/json', context),
    usage: readUsage(usage),
    images,
  });
}
