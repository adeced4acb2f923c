import { STATUS_CODES } from 'node:http';

import { createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import type { ErrorAnswer } from '../../script.ts';
import { findWording } from '../error-kind.ts';
import type { AnswerContext, ProviderRequest } from '../wire.ts';
import { readForm } from './form.ts';
import { apiHeaders, EVENT_STREAM_TYPE, JSON_TYPE } from './headers.ts';

interface GoogleError {
  readonly code: number;
  readonly message: string;
  /** The name of the status, e.g. "INVALID_ARGUMENT". */
  readonly status: string;
  readonly details?: readonly object[];
}

/**
 * An error answer in the framing that the request asked for: where events were asked for, it has
 * their content type and yet is plain JSON; where an array was, it is the array's one element.
 */
export function errorAnswer(error: GoogleError, request: ProviderRequest): WholeAnswer {
  const { framing } = readForm(request);
  const json = JSON.stringify({ error }, undefined, 2);
  return createWholeAnswer(framing === 'array' ? `[${json}\n]` : `${json}\n`, {
    status: error.code,
    headers: apiHeaders(framing === 'sse' ? EVENT_STREAM_TYPE : JSON_TYPE),
  });
}

export function invalidArgument(message: string, request: ProviderRequest): WholeAnswer {
  return errorAnswer({ code: 400, message, status: 'INVALID_ARGUMENT' }, request);
}

export function modelNotFound(request: ProviderRequest): WholeAnswer {
  const version = request.path.split('/')[1];
  const message = `models/${request.model} is not found for API version ${version}, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.`;
  return errorAnswer({ code: 404, message, status: 'NOT_FOUND' }, request);
}

/** A wrong key is a bad request here, and a missing one is a missing permission: neither is 401. */
export function badKey(request: ProviderRequest, { key }: AnswerContext): WholeAnswer {
  if (key === undefined) {
    const message =
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.";
    return errorAnswer({ code: 403, message, status: 'PERMISSION_DENIED' }, request);
  }
  const message = 'API key not valid. Please pass a valid API key.';
  const details = [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'API_KEY_INVALID',
      domain: 'googleapis.com',
      metadata: { service: 'generativelanguage.googleapis.com' },
    },
    {
      '@type': 'type.googleapis.com/google.rpc.LocalizedMessage',
      locale: 'en-US',
      message,
    },
  ];
  return errorAnswer({ code: 400, message, status: 'INVALID_ARGUMENT', details }, request);
}

/** A scripted error, as the provider words it for that status and meaning. */
export function scriptedError(
  error: ErrorAnswer,
  request: ProviderRequest,
  context: AnswerContext,
): WholeAnswer {
  const { status, meaning } = error;
  if (status === 404) {
    return modelNotFound(request);
  }
  return status === 400 && meaning === 'invalid_key'
    ? badKey(request, { ...context, key: context.key ?? '' })
    : errorAnswer(wordError(error), request);
}

/** What stands in the envelope of a scripted error. */
export function wordError(error: ErrorAnswer): GoogleError {
  const { status: code, retryAfterSeconds } = error;
  const usual = {
    status: code < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL',
    message: `${STATUS_CODES[code] ?? 'Error'}.`,
  };
  // Never a header: the only hint is in the details, and without one there are no details.
  const details =
    retryAfterSeconds === undefined ? {} : { details: hintedDetails(code, retryAfterSeconds) };
  const { message, status } = { ...usual, ...findWording(WORDINGS, error) };
  return { code, message, status, ...details };
}

const WORDINGS: Readonly<Record<string, { status?: string; message?: string }>> = {
  '400': { message: 'Request contains an invalid argument.' },
  '400 too_large': {
    message:
      'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
  },
  '400 no_permission': {
    status: 'FAILED_PRECONDITION',
    message: 'User location is not supported for the API use.',
  },
  '401': {
    status: 'UNAUTHENTICATED',
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
  },
  '403': { status: 'PERMISSION_DENIED', message: 'The caller does not have permission' },
  '409': { status: 'ABORTED' },
  '429': {
    status: 'RESOURCE_EXHAUSTED',
    message:
      'You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.',
  },
  '499': { status: 'CANCELLED' },
  '500': {
    message:
      'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
  },
  '501': { status: 'UNIMPLEMENTED' },
  '503': {
    status: 'UNAVAILABLE',
    message: 'The model is overloaded. Please try again later.',
  },
  '504': { status: 'DEADLINE_EXCEEDED' },
};

function hintedDetails(code: number, retryAfterSeconds: number): object[] {
  const retry = {
    '@type': 'type.googleapis.com/google.rpc.RetryInfo',
    retryDelay: `${retryAfterSeconds}s`,
  };
  return code === 429 ? [...QUOTA_DETAILS, retry] : [retry];
}

const QUOTA_DETAILS = [
  {
    '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
    violations: [
      {
        quotaMetric: 'generativelanguage.googleapis.com/generate_content_paid_tier_requests',
        quotaId: 'GenerateRequestsPerMinutePerProjectPerModel',
      },
    ],
  },
  {
    '@type': 'type.googleapis.com/google.rpc.Help',
    links: [
      {
        description: 'Learn more about Gemini API quotas',
        url: 'https://ai.google.dev/gemini-api/docs/rate-limits',
      },
    ],
  },
];
