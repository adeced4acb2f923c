import { STATUS_CODES } from 'node:http';

import { createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import type { ErrorAnswer } from '../../script.ts';
import { findWording } from '../error-kind.ts';
import { retryHints } from '../retry-hints.ts';
import type { AnswerContext, ProviderRequest } from '../wire.ts';
import { apiHeaders } from './headers.ts';

/** What stands in `{"error":{…}}`; the order is the wire's. */
export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** An error answer of the API, indented by four as its outer layer does. */
export function errorAnswer(
  status: number,
  error: OpenAiError,
  { headers }: { headers: readonly string[] },
): WholeAnswer {
  return createWholeAnswer(`${JSON.stringify({ error }, undefined, 4)}\n`, { status, headers });
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** What is wrong with a request: an error of which the fields that are not null are said. */
export type Mistake = Partial<OpenAiError> & Pick<OpenAiError, 'message'>;

export function invalidRequest(
  mistake: Mistake,
  { status = 400, context }: { status?: number; context: AnswerContext },
): WholeAnswer {
  return errorAnswer(status, complete(mistake), { headers: apiHeaders(JSON_TYPE, context) });
}

function complete(mistake: Mistake): OpenAiError {
  const { message, type = 'invalid_request_error', param = null, code = null } = mistake;
  return { message, type, param, code };
}

export function modelNotFound(model: string | undefined, context: AnswerContext): WholeAnswer {
  return invalidRequest(wordError({ kind: 'error', status: 404 }, model), { status: 404, context });
}

export function badKey(context: AnswerContext): WholeAnswer {
  const { key } = context;
  if (key === undefined) {
    const message =
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.";
    return invalidRequest({ message }, { status: 401, context });
  }
  const message = `Incorrect API key provided: ${maskKey(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`;
  return invalidRequest({ message, code: 'invalid_api_key' }, { status: 401, context });
}

/** A scripted error, as the provider words it for that status and meaning. */
export function scriptedError(
  error: ErrorAnswer,
  { model }: ProviderRequest,
  context: AnswerContext,
): WholeAnswer {
  const answer = wordAnswer(error, model, context);
  return { ...answer, headers: [...answer.headers, ...retryHints(error)] };
}

function wordAnswer(
  error: ErrorAnswer,
  model: string | undefined,
  context: AnswerContext,
): WholeAnswer {
  const { status } = error;
  if (status === 401) {
    return badKey(context);
  }
  return status === 503
    ? envoyError(status)
    : invalidRequest(wordError(error, model), { status, context });
}

/** What stands in the envelope of a scripted error. */
export function wordError(error: ErrorAnswer, model: string | undefined): OpenAiError {
  const { status } = error;
  const usual = status < 500 ? { message: `${STATUS_CODES[status] ?? 'Bad Request'}.` } : OWN_FAULT;
  const wording = findWording(WORDINGS, error) ?? usual;
  return complete({ ...wording, message: wording.message.replaceAll('MODEL', String(model)) });
}

const OWN_FAULT: Mistake = {
  message: 'The server had an error while processing your request. Sorry about that!',
  type: 'server_error',
};

const WORDINGS: Readonly<Record<string, Mistake>> = {
  '400 too_large': {
    message:
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 130001 tokens. Please reduce the length of the messages.",
    param: 'messages',
    code: 'context_length_exceeded',
  },
  '403': {
    message: 'Country, region, or territory not supported',
    type: 'request_forbidden',
    code: 'unsupported_country_region_territory',
  },
  '404': {
    message: 'The model `MODEL` does not exist or you do not have access to it.',
    code: 'model_not_found',
  },
  '429': {
    message:
      'Rate limit reached for MODEL in organization org-simulated on tokens per min (TPM): Limit 10000, Used 9348, Requested 5086. Please try again in 26.604s. Visit https://platform.openai.com/account/rate-limits to learn more.',
    type: 'tokens',
    code: 'rate_limit_exceeded',
  },
  '429 too_large': {
    message:
      'Request too large for MODEL in organization org-simulated on tokens per min (TPM): Limit 200000, Requested 2500013. The input or output tokens must be reduced in order to run successfully. Visit https://platform.openai.com/account/rate-limits to learn more.',
    type: 'tokens',
    code: 'rate_limit_exceeded',
  },
  '429 quota_exhausted': {
    message:
      'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  },
};

/** The proxy before the API answers for it: plain text, no envelope, no request id. */
function envoyError(status: number): WholeAnswer {
  const body =
    'upstream connect error or disconnect/reset before headers. reset reason: connection termination';
  return createWholeAnswer(body, { status, headers: ['content-type', 'text/plain'] });
}

/** As the provider shows a key in its 401: the first eight and the last four characters. */
function maskKey(key: string): string {
  return key.length < 16
    ? '*'.repeat(key.length)
    : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`;
}
