import { STATUS_CODES } from 'node:http';

import { createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import type { ErrorAnswer } from '../../script.ts';
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
  const { message, type, param, code } = error;
  const body = { error: { message, type, param, code } };
  return createWholeAnswer(`${JSON.stringify(body, undefined, 4)}\n`, { status, headers });
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** What is wrong with a request. */
export interface Mistake {
  readonly message: string;
  readonly param?: string;
  readonly code?: string;
}

export function invalidRequest(
  { message, param = null, code = null }: Partial<OpenAiError> & Pick<OpenAiError, 'message'>,
  { status = 400, context }: { status?: number; context: AnswerContext },
): WholeAnswer {
  const error = { message, type: 'invalid_request_error', param, code };
  return errorAnswer(status, error, { headers: apiHeaders(JSON_TYPE, context) });
}

export function modelNotFound(model: string | undefined, context: AnswerContext): WholeAnswer {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return invalidRequest({ message, code: 'model_not_found' }, { status: 404, context });
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

/** A scripted error, as the provider words it for that status. */
export function scriptedError(
  { status, retryAfterSeconds }: ErrorAnswer,
  request: ProviderRequest,
  context: AnswerContext,
): WholeAnswer {
  const hint = retryAfterSeconds === undefined ? [] : ['retry-after', String(retryAfterSeconds)];
  const answer = wordedError(status, request, context);
  return { ...answer, headers: [...answer.headers, ...hint] };
}

function wordedError(
  status: number,
  { model }: ProviderRequest,
  context: AnswerContext,
): WholeAnswer {
  switch (status) {
    case 401:
      return badKey(context);
    case 404:
      return modelNotFound(model, context);
    case 429:
      return errorAnswer(status, rateLimited(model), { headers: apiHeaders(JSON_TYPE, context) });
    case 503:
      return envoyError(status);
    default:
      return status < 500
        ? invalidRequest(
            { message: `${STATUS_CODES[status] ?? 'Bad Request'}.` },
            { status, context },
          )
        : errorAnswer(status, SERVER_ERROR, { headers: apiHeaders(JSON_TYPE, context) });
  }
}

const SERVER_ERROR: OpenAiError = {
  message: 'The server had an error while processing your request. Sorry about that!',
  type: 'server_error',
  param: null,
  code: null,
};

function rateLimited(model: string | undefined): OpenAiError {
  const message = `Rate limit reached for ${model} in organization org-simulated on tokens per min (TPM): Limit 10000, Used 9348, Requested 5086. Please try again in 26.604s. Visit https://platform.openai.com/account/rate-limits to learn more.`;
  return { message, type: 'tokens', param: null, code: 'rate_limit_exceeded' };
}

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
