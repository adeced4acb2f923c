import { STATUS_CODES } from 'node:http';

import { createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import type { ErrorAnswer } from '../../script.ts';
import type { AnswerContext, ProviderRequest } from '../wire.ts';
import { apiHeaders, requestId } from './headers.ts';

interface AnthropicError {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

/** An error answer of the API; request_id is in the body since 2025-08-20. */
export function errorAnswer(
  { status, type, message }: AnthropicError,
  { context, headers = [] }: { context: AnswerContext; headers?: readonly string[] },
): WholeAnswer {
  const body = { type: 'error', error: { type, message }, request_id: requestId(context) };
  return createWholeAnswer(JSON.stringify(body), {
    status,
    headers: [...apiHeaders('application/json', context), ...headers],
  });
}

const NO_RETRY = ['x-should-retry', 'false'];
const RETRY = ['x-should-retry', 'true'];

export function invalidRequest(message: string, context: AnswerContext): WholeAnswer {
  const error = { status: 400, type: 'invalid_request_error', message };
  return errorAnswer(error, { context, headers: NO_RETRY });
}

export function modelNotFound(model: string | undefined, context: AnswerContext): WholeAnswer {
  const error = { status: 404, type: 'not_found_error', message: `model: ${model}` };
  return errorAnswer(error, { context, headers: NO_RETRY });
}

export function badKey(context: AnswerContext): WholeAnswer {
  const message = context.key === undefined ? 'x-api-key header is required' : 'invalid x-api-key';
  const error = { status: 401, type: 'authentication_error', message };
  return errorAnswer(error, { context, headers: NO_RETRY });
}

/** A scripted error, as the provider words it for that status. */
export function scriptedError(
  { status, retryAfterSeconds }: ErrorAnswer,
  { model }: ProviderRequest,
  context: AnswerContext,
): WholeAnswer {
  switch (status) {
    case 401:
      return badKey(context);
    case 404:
      return modelNotFound(model, context);
    case 413:
      return edgeRefusal(status);
    default:
  }
  const type = TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  const message = MESSAGES[status] ?? `${STATUS_CODES[status] ?? 'Error'}.`;
  return errorAnswer(
    { status, type, message },
    { context, headers: retryHeaders(status, retryAfterSeconds) },
  );
}

const TYPES: Readonly<Record<number, string>> = {
  402: 'billing_error',
  403: 'permission_error',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const MESSAGES: Readonly<Record<number, string>> = {
  403: 'Your API key does not have permission to use the specified resource.',
  429: "This request would exceed your organization's rate limit of 50,000 input tokens per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits. You can see the response headers for current usage.",
  500: 'Internal server error',
  529: 'Overloaded',
};

/** A 429 without retry-after is a request that exceeds the whole limit: to repeat it is useless. */
function retryHeaders(status: number, retryAfterSeconds: number | undefined): readonly string[] {
  if (retryAfterSeconds !== undefined) {
    return ['retry-after', String(retryAfterSeconds), ...RETRY];
  }
  return status >= 500 ? RETRY : NO_RETRY;
}

/** Answered before the API: no outer type, no request id. */
function edgeRefusal(status: number): WholeAnswer {
  const error = { type: 'request_too_large', message: 'Request exceeds the maximum size' };
  return createWholeAnswer(JSON.stringify({ error }), {
    status,
    headers: ['content-type', 'application/json'],
  });
}
