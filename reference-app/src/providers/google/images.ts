import { z } from 'zod';
import type { TokenCounts } from '../../catalogue/cost.ts';
import { parseBody } from '../../openapi/zod-schemas.ts';
import type { JsonObject } from '../../shapes/json-object.ts';
import type { ImagesAnswer, ProviderCall } from '../provider.ts';
import { ProviderAnswerError, ProviderCutError } from '../provider-error.ts';
import type { GoogleRequest } from './google-sdk.ts';
import { parseErrorBody } from './parse-error.ts';
import { parseResponse } from './parse-response.ts';

const requestSchema = z.object({
  prompt: z.string(),
  n: z.number().int().nullish(),
  size: z.string().nullish(),
});

/** A call of OpenAI's images as one of Imagen's, or of a Gemini model that makes images. */
export function toImagesRequest({ model, body }: ProviderCall): Required<GoogleRequest> {
  const { prompt, n, size } = parseBody(requestSchema, body);
  const path = `models/${encodeURIComponent(model)}`;
  const aspectRatio = toAspectRatio(size ?? '');
  if (model.startsWith('imagen')) {
    const parameters = { sampleCount: n ?? 1, aspectRatio };
    return { path: `${path}:predict`, body: { instances: [{ prompt }], parameters } };
  }
  const generationConfig = {
    responseModalities: ['IMAGE'],
    candidateCount: n ?? undefined,
    ...(aspectRatio !== undefined && { imageConfig: { aspectRatio } }),
  };
  const contents = [{ role: 'user', parts: [{ text: prompt }] }];
  return { path: `${path}:generateContent`, body: { contents, generationConfig } };
}

/** Those that all models know. */
const ASPECT_RATIOS = ['1:1', '3:4', '4:3', '9:16', '16:9'].map((name) => {
  const [width, height] = name.split(':');
  return { name, ratio: Number(width) / Number(height) };
});

/** The nearest shape: Google's models are not told a size. undefined for "auto". */
function toAspectRatio(size: string): string | undefined {
  const [, width, height] = /^([1-9]\d*)x([1-9]\d*)$/.exec(size) ?? [];
  if (width === undefined || height === undefined) return undefined;
  const distance = (ratio: number) => Math.abs(Math.log((ratio * Number(height)) / Number(width)));
  return ASPECT_RATIOS.toSorted((a, b) => distance(a.ratio) - distance(b.ratio))[0]?.name;
}

const predictionsSchema = z.array(z.object({ bytesBase64Encoded: z.string().optional() }));

interface Answered {
  readonly status: number;
  readonly body: JsonObject;
  readonly apiKey: string;
}

/**
 * Images in OpenAI's shape, as base64. There are fewer than asked for, or none, where Google's
 * filters took some out. Throws ProviderAnswerError for an error inside a 200.
 */
export function parseImages({ status, body, apiKey }: Answered): ImagesAnswer {
  const error = parseErrorBody(body['error'], apiKey);
  if (error !== undefined) throw new ProviderAnswerError(status, error);
  const { images, modelServed, usage } = readImages(body, status);
  const answer = {
    created: Math.floor(Date.now() / 1_000),
    data: images.map((b64_json) => ({ b64_json })),
    ...(usage !== undefined && { usage: toImagesUsage(usage) }),
  };
  const said = { body: answer, text: JSON.stringify(answer), contentCharacters: 0 };
  return { status, ...said, modelServed, usage, images: images.length };
}

function readImages(body: JsonObject, status: number) {
  if (body['candidates'] !== undefined || body['promptFeedback'] !== undefined) {
    const { candidates, ...response } = parseResponse(body);
    return { ...response, images: candidates.flatMap(({ images }) => images) };
  }
  // Without any left, Imagen leaves the list out.
  const { success, data } = predictionsSchema.safeParse(body['predictions'] ?? []);
  if (!success) throw new ProviderCutError('The provider sent no images.', { status });
  const images = data.flatMap(({ bytesBase64Encoded: image }) => image ?? []);
  return { images, modelServed: undefined, usage: undefined };
}

/** Usage as OpenAI's image models report it. */
function toImagesUsage(tokens: TokenCounts): JsonObject {
  const input = tokens.input + tokens.cached_input;
  const output = tokens.output + tokens.reasoning;
  return { input_tokens: input, output_tokens: output, total_tokens: input + output };
}
