import { z } from 'zod';
import type { ErrorBody } from '../../errors/api-error.ts';
import { isJsonObject } from '../../shapes/json-object.ts';
import { ProviderAnswerError } from '../provider-error.ts';
import { redactKeys } from '../redact-keys.ts';

const MESSAGE_CHARACTERS_MAX = 1_000;

const text = z.string().optional().catch(undefined);
const errorSchema = z
  .object({
    code: z.number().optional().catch(undefined),
    message: text,
    details: z
      .array(z.object({ reason: text, retryDelay: text }).catch({}))
      .optional()
      .catch(undefined),
  })
  .catch({});

type GoogleError = z.infer<typeof errorSchema>;

/** The refusal of a key is a bad request here; the service says 401 for that, as others do. */
const BAD_KEY = 'API_KEY_INVALID';

/** The error that an answer other than 2xx says, whatever its content type. */
export function parseRefusal(status: number, body: string, apiKey: string): ProviderAnswerError {
  return toRefusal(status, parseEnvelope(body) ?? { message: body }, apiKey);
}

/** The same from the inside of the envelope. */
export function toRefusal(status: number, value: unknown, apiKey: string): ProviderAnswerError {
  const error = errorSchema.parse(value);
  const isBadKey = status === 400 && reasonOf(error) === BAD_KEY;
  return new ProviderAnswerError(isBadKey ? 401 : status, describe(status, error, apiKey), {
    afterMs: parseDelay(error),
  });
}

/** An error inside a 200 answer; undefined when there is none. */
export function parseErrorBody(value: unknown, apiKey: string): ErrorBody | undefined {
  if (value === undefined || value === null) return undefined;
  const error = errorSchema.parse(value);
  return describe(error.code ?? 500, error, apiKey);
}

/** Google's envelope; an array of one where an array of chunks was to come. */
function parseEnvelope(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    const envelope: unknown = Array.isArray(value) ? value[0] : value;
    return isJsonObject(envelope) ? envelope['error'] : undefined;
  } catch {
    return undefined;
  }
}

/** In OpenAI's words, for clients who know those. */
function describe(status: number, error: GoogleError, apiKey: string): ErrorBody {
  const said = redactKeys(error.message ?? '', apiKey).slice(0, MESSAGE_CHARACTERS_MAX);
  const message = said.trim() === '' ? `The provider answered ${status}.` : said;
  if (status === 429)
    return { message, type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' };
  const reason = reasonOf(error) ?? null;
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return { message, type, param: null, code: reason === BAD_KEY ? 'invalid_api_key' : reason };
}

function reasonOf({ details = [] }: GoogleError): string | undefined {
  return details.find(({ reason }) => reason !== undefined)?.reason;
}

/** RetryInfo, e.g. "22.37s": Gemini sends no retry-after header. */
function parseDelay({ details = [] }: GoogleError): number | undefined {
  const delay = details.find(({ retryDelay }) => retryDelay !== undefined)?.retryDelay;
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delay ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
