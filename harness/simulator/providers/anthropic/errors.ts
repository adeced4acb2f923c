import { STATUS_CODES } from 'node:http';

import { createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import type { ErrorAnswer } from '../../script.ts';
import { findWording } from '../error-kind.ts';
import { retryHints } from '../retry-hints.ts';
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

const NO_RETRY = retryHints({ shouldRetry: false });

export function invalidRequest(message: string, context: AnswerContext): WholeAnswer {
  const error = { status: 400, type: 'invalid_request_error', message };
  return errorAnswer(error, { context, headers: NO_RETRY });
}

export function modelNotFound(model: string | undefined, context: AnswerContext): WholeAnswer {
  const wording = wordError({ kind: 'error', status: 404 }, model);
  return errorAnswer({ status: 404, ...wording }, { context, headers: NO_RETRY });
}

export function badKey(context: AnswerContext): WholeAnswer {
  const message = context.key === undefined ? 'x-api-key header is required' : 'invalid x-api-key';
  const error = { status: 401, type: 'authentication_error', message };
  return errorAnswer(error, { context, headers: NO_RETRY });
}

/** A scripted error, as the provider words it for that status and meaning. */
export function scriptedError(
  error: ErrorAnswer,
  { model }: ProviderRequest,
  context: AnswerContext,
): WholeAnswer {
  const { status } = error;
  switch (status) {
    case 401:
      return badKey(context);
    case 413:
      return edgeRefusal(status);
    default: {
      // A 429 without retry-after is one request beyond the whole limit: to repeat it is useless.
      const shouldRetry = status >= 500 || error.retryAfterSeconds !== undefined;
      const headers = retryHints({ shouldRetry, ...error });
      return errorAnswer({ status, ...wordError(error, model) }, { context, headers });
    }
  }
}

/** What stands in the envelope of a scripted error. */
export function wordError(
  error: ErrorAnswer,
  model: string | undefined,
): Omit<AnthropicError, 'status'> {
  const { status } = error;
  const wording = findWording(WORDINGS, error);
  const type = status < 500 ? 'invalid_request_error' : 'api_error';
  const { message = `${STATUS_CODES[status] ?? 'Error'}.` } = wording ?? {};
  return { type, ...wording, message: message.replaceAll('MODEL', String(model)) };
}

const WORDINGS: Readonly<Record<string, { type?: string; message?: string }>> = {
  '400 too_large': { message: 'prompt is too long: 208310 tokens > 200000 maximum' },
  '400 quota_exhausted': {
    message:
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  },
  '402': { type: 'billing_error' },
  '403': {
    type: 'permission_error',
    message: 'Your API key does not have permission to use the specified resource.',
  },
  '404': { type: 'not_found_error', message: 'model: MODEL' },
  '429': {
    type: 'rate_limit_error',
    message:
      "This request would exceed your organization's rate limit of 50,000 input tokens per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits. You can see the response headers for current usage.",
  },
  '500': { message: 'Internal server error' },
  '504': { type: 'timeout_error' },
  '529': { type: 'overloaded_error', message: 'Overloaded' },
};

/** Answered before the API: no outer type, no request id. */
function edgeRefusal(status: number): WholeAnswer {
  const error = { type: 'request_too_large', message: 'Request exceeds the maximum size' };
  return createWholeAnswer(JSON.stringify({ error }), {
    status,
    headers: ['content-type', 'application/json'],
  });
}
