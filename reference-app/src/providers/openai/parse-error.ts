import { APIError } from 'openai';
import { z } from 'zod';
import type { ErrorBody } from '../../errors/api-error.ts';
import { ProviderAnswerError } from '../provider-error.ts';
import { redactKeys } from '../redact-keys.ts';
import { parseRetryHeaders } from '../retry-after.ts';

const MESSAGE_CHARACTERS_MAX = 1_000;

const codeSchema = z.union([z.string(), z.number()]).nullish().catch(undefined);
const errorSchema = z.object({
  message: z.string(),
  type: z.string().nullish().catch(undefined),
  param: z.string().nullish().catch(undefined),
  code: codeSchema,
});

/** The inside of an error envelope; servers that speak OpenAI's protocol vary it in every way. */
export function parseErrorBody(error: unknown, fallbackMessage: string, apiKey: string): ErrorBody {
  const redact = (text: string): string => redactKeys(text, apiKey);
  const parsed = errorSchema.safeParse(error);
  if (!parsed.success) {
    const message = typeof error === 'string' ? error : fallbackMessage;
    return { message: redact(message), type: 'provider_error', param: null, code: null };
  }
  const { message, type, param, code } = parsed.data;
  return {
    message: redact(message),
    type: redact(type ?? 'provider_error'),
    param: typeof param === 'string' ? redact(param) : null,
    code: typeof code === 'string' ? redact(code) : (code ?? null),
  };
}

/** The error that the provider answered; undefined for an error without an answer. */
export function readError(error: unknown, apiKey: string): ProviderAnswerError | undefined {
  if (!(error instanceof APIError) || typeof error.status !== 'number') return undefined;
  // The SDK's message of an error without OpenAI's envelope is the status and the text.
  const fallbackMessage = error.message.slice(0, MESSAGE_CHARACTERS_MAX);
  const body = parseErrorBody(error.error, fallbackMessage, apiKey);
  return new ProviderAnswerError(
    error.status,
    body,
    error.headers === undefined ? {} : parseRetryHeaders(error.headers),
  );
}
