import { STATUS_CODES } from 'node:http';

import { createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import type { ErrorAnswer } from '../../script.ts';
import type { AnswerContext, ProviderRequest } from '../wire.ts';
import { gatewayHeaders } from './headers.ts';

interface AzureError {
  readonly code: string;
  readonly message: string;
  readonly type?: string;
}

/** An error of the gateway: fewer fields than OpenAI's, and the status as its code at times. */
function errorAnswer(
  status: number,
  error: AzureError,
  { context, headers = [] }: { context: AnswerContext; headers?: readonly string[] },
): WholeAnswer {
  return createWholeAnswer(JSON.stringify({ error }), {
    status,
    headers: ['content-type', 'application/json', ...gatewayHeaders(context), ...headers],
  });
}

/** An answer of OpenAI's that went through the gateway. */
export function withGateway<T extends { headers: readonly string[] }>(
  answer: T,
  context: AnswerContext,
): T {
  return { ...answer, headers: [...answer.headers, ...gatewayHeaders(context)] };
}

export function badKey(context: AnswerContext): WholeAnswer {
  const message =
    context.key === undefined
      ? 'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.'
      : 'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.';
  return errorAnswer(401, { code: '401', message }, { context });
}

/** The resource has no such path, or was asked without a version. */
export function resourceNotFound(context: AnswerContext): WholeAnswer {
  return errorAnswer(404, { code: '404', message: 'Resource not found' }, { context });
}

export function deploymentNotFound(context: AnswerContext): WholeAnswer {
  const message =
    'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.';
  const error = { type: 'invalid_request_error', code: 'DeploymentNotFound', message };
  return errorAnswer(404, error, { context });
}

/** A scripted error, as the gateway words it for that status. */
export function scriptedError(
  { status, retryAfterSeconds }: ErrorAnswer,
  { model }: ProviderRequest,
  context: AnswerContext,
): WholeAnswer {
  switch (status) {
    case 401:
      return badKey(context);
    case 404:
      return deploymentNotFound(context);
    case 408:
    case 413:
      return createWholeAnswer(PLAIN_TEXT[status], {
        status,
        headers: ['content-type', 'text/plain', ...gatewayHeaders(context)],
      });
    default: {
      const code = CODES[status] ?? String(status);
      const message =
        status === 429
          ? `Your requests to ${model} for ${model} in eastus2 have exceeded rate limit.`
          : `${STATUS_CODES[status] ?? 'Error'}.`;
      const headers =
        retryAfterSeconds === undefined ? [] : ['retry-after', String(retryAfterSeconds)];
      return errorAnswer(status, { code, message }, { context, headers });
    }
  }
}

const CODES: Readonly<Record<number, string>> = {
  403: 'AuthorizationFailed',
  429: 'RateLimitReached',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

const PLAIN_TEXT = {
  408: 'upstream request timeout\n',
  413: 'Failed to buffer the request body: length limit exceeded\n',
};
