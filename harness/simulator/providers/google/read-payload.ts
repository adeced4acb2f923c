import { z } from 'zod';

import { parseJson } from '../../parse-json.ts';
import { NO_PAYLOAD, type PayloadError, type ReadPayload } from '../wire.ts';
import { readUsage } from './usage.ts';

const text = z.string().nullish().catch(undefined);

const partSchema = z.looseObject({
  text,
  functionCall: z.looseObject({ name: text }).nullish().catch(undefined),
  executableCode: z.unknown().optional(),
  inlineData: z.unknown().optional(),
});

const candidateSchema = z.looseObject({
  content: z
    .looseObject({ parts: z.array(partSchema).nullish() })
    .nullish()
    .catch(undefined),
  // A number where the request asked for numbers instead of names.
  finishReason: z.union([z.string(), z.number()]).nullish().catch(undefined),
});

const errorSchema = z
  .looseObject({
    message: text,
    status: text,
    details: z
      .array(z.looseObject({ reason: text, retryDelay: text }))
      .nullish()
      .catch(undefined),
  })
  .nullish()
  .catch(undefined);

const payloadSchema = z.looseObject({
  modelVersion: text,
  candidates: z.array(candidateSchema).nullish().catch(undefined),
  promptFeedback: z.looseObject({ blockReason: text }).nullish().catch(undefined),
  usageMetadata: z.unknown().optional(),
  predictions: z
    .array(z.looseObject({ bytesBase64Encoded: text }))
    .nullish()
    .catch(undefined),
  error: errorSchema,
});

/** What a recorded chunk, or a recorded plain answer, says. Unreadable data says nothing. */
export function readPayload(data: string): ReadPayload {
  const result = payloadSchema.safeParse(unwrap(parseJson(data)));
  if (!result.success) {
    return NO_PAYLOAD;
  }
  const { modelVersion, candidates, promptFeedback, usageMetadata } = result.data;
  const finishReason = candidates?.find((one) => one.finishReason)?.finishReason;
  // A prompt that was blocked has no candidate that could finish.
  const reason = finishReason ?? promptFeedback?.blockReason;
  const parts = (candidates ?? []).flatMap(({ content }) => content?.parts ?? []);
  const error = readError(result.data.error);
  return {
    isContent: parts.some(hasContent),
    model: modelVersion ?? undefined,
    usage: readUsage(usageMetadata),
    // Every chunk has the usage so far. One without candidates may follow the finish reason.
    isUsageFinal: Boolean(reason) || candidates === undefined,
    images: [
      ...parts.map(({ inlineData }) => inlineData),
      ...(result.data.predictions ?? []).map((one) => one.bytesBase64Encoded),
    ].filter(Boolean).length,
    // There is no event for the end: the finish reason, or an error, is its only sign.
    isEnd: Boolean(reason) || error !== undefined,
    finishReason: reason ? String(reason) : undefined,
    toolCalls: parts.flatMap(({ functionCall }) => functionCall?.name ?? []),
    error,
  };
}

/** Text (of a thought too), a function call, code or a picture; a signature alone is none. */
function hasContent(part: z.infer<typeof partSchema>): boolean {
  return [part.text, part.functionCall, part.executableCode, part.inlineData].some(Boolean);
}

/** An error of a stream that is an array is the array's one element. */
function unwrap(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

function readError(error: z.infer<typeof errorSchema>): PayloadError | undefined {
  if (!error) {
    return undefined;
  }
  const { status, message, details } = error;
  const codes = [...(details ?? []).map(({ reason }) => reason), status].filter((code) => !!code);
  const delay = details?.find(({ retryDelay }) => retryDelay)?.retryDelay;
  const seconds = Number(delay?.match(/^(\d+(?:\.\d+)?)s$/)?.[1]);
  const retryAfterMs = Number.isNaN(seconds) ? undefined : seconds * 1_000;
  return { codes: codes as string[], message: message ?? '', retryAfterMs };
}
