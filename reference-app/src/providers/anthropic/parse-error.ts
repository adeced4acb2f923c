import { APIError } from '@anthropic-ai/sdk';
import { z } from 'zod';
import type { ErrorBody } from '../../errors/api-error.ts';
import { ProviderAnswerError } from '../provider-error.ts';
import { redactKeys } from '../redact-keys.ts';
import { parseRetryHeaders } from '../retry-after.ts';

const MESSAGE_CHARACTERS_MAX = 1_000;

/** The outer type is not asked for: what is answered before the API, such as a 413, has none. */
const envelopeSchema = z.object({
  error: z.object({ message: z.string(), type: z.string().catch('provider_error') }),
});

/**
 * What an error envelope says. Its request_id is left out: the client gets that of this service,
 * by which both can be found.
 */
export function parseErrorBody(
  envelope: unknown,
  fallbackMessage: string,
  apiKey: string,
): ErrorBody {
  const parsed = envelopeSchema.safeParse(envelope);
  const { message, type } = parsed.success
    ? parsed.data.error
    : { message: fallbackMessage, type: 'provider_error' };
  return { message: redactKeys(message, apiKey), type: redactKeys(type, apiKey) };
}

/** The error that the provider answered; undefined for an error without an answer. */
export function readError(error: unknown, apiKey: string): ProviderAnswerError | undefined {
  if (!(error instanceof APIError) || typeof error.status !== 'number') return undefined;
  // The SDK's message of an error without Anthropic's envelope is the status and the text.
  const fallbackMessage = error.message.slice(0, MESSAGE_CHARACTERS_MAX);
  const body = parseErrorBody(error.error, fallbackMessage, apiKey);
  const retry = error.headers === undefined ? {} : parseRetryHeaders(error.headers);
  return new ProviderAnswerError(error.status, body, retry);
}
