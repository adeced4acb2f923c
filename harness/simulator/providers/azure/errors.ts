import { createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import type { ErrorAnswer } from '../../script.ts';
import { findWording } from '../error-kind.ts';
import * as openai from '../openai/errors.ts';
import { retryHints } from '../retry-hints.ts';
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

/** A scripted error: the gateway's own words for that status, or those of the model behind it. */
export function scriptedError(
  error: ErrorAnswer,
  request: ProviderRequest,
  context: AnswerContext,
): WholeAnswer {
  const { status } = error;
  const plainText = PLAIN_TEXT[status];
  if (status === 401) {
    return badKey(context);
  }
  if (status === 404) {
    return deploymentNotFound(context);
  }
  if (plainText !== undefined) {
    const answer = { status, headers: ['content-type', 'text/plain'] };
    return withGateway(createWholeAnswer(plainText, answer), context);
  }
  const wording = findWording(WORDINGS, error);
  if (wording === undefined) {
    return withGateway(openai.scriptedError(error, request, context), context);
  }
  const message = wording.message.replaceAll('MODEL', String(request.model));
  return errorAnswer(status, { ...wording, message }, { context, headers: retryHints(error) });
}

const WORDINGS: Readonly<Record<string, AzureError>> = {
  '403': {
    code: 'AuthorizationFailed',
    message: 'Your key does not have the permission to use this resource.',
  },
  '429': {
    code: 'RateLimitReached',
    message: 'Your requests to MODEL for MODEL in eastus2 have exceeded rate limit.',
  },
  '500': {
    code: 'InternalServerError',
    message: 'The server had an error while processing your request. Sorry about that!',
  },
  '503': { code: 'ServiceUnavailable', message: 'The service is temporarily unavailable.' },
};

const PLAIN_TEXT: Readonly<Record<number, string>> = {
  408: 'upstream request timeout\n',
  413: 'Failed to buffer the request body: length limit exceeded\n',
};
