import { z } from 'zod';
import { NO_TOKENS, type TokenCounts } from '../../catalogue/cost.ts';
import type { ImagesAnswer } from '../provider.ts';
import { ProviderCutError } from '../provider-error.ts';
import { parseSuccess } from './parse-answer.ts';

const count = z.number().int().nonnegative();
const usageSchema = z.object({ input_tokens: count, output_tokens: count });

/** Images that were made. Models that are billed by the image, as dall-e-3 is, report no usage. */
export function parseImages(status: number, text: string, apiKey: string): ImagesAnswer {
  const body = parseSuccess(status, text, apiKey);
  const { data, model } = body;
  if (!Array.isArray(data)) throw new ProviderCutError('The provider sent no images.', { status });
  return {
    status,
    body,
    text,
    modelServed: typeof model === 'string' && model !== '' ? model : undefined,
    usage: parseImageUsage(body['usage']),
    contentCharacters: 0,
    images: data.length,
  };
}

/** The usage of gpt-image-1 and its like; it has no special classes. */
function parseImageUsage(value: unknown): TokenCounts | undefined {
  const { data: usage } = usageSchema.safeParse(value);
  return usage && { ...NO_TOKENS, input: usage.input_tokens, output: usage.output_tokens };
}
