import type { FallbackReason, Outcome } from '../accounting/usage-event.ts';
import { ApiError, createClientLeft } from '../errors/api-error.ts';
import {
  ProviderAnswerError,
  ProviderCutError,
  ProviderUnreachableError,
  type RetryHint,
} from '../providers/provider-error.ts';

/** What a failed attempt means for the books, for the client and for the next attempt. */
export interface Failure {
  readonly outcome: Outcome;
  /** false: the client left before anything was sent, so there was no attempt at all. */
  readonly isAttempt: boolean;
  readonly providerStatus: number | undefined;
  readonly answer: ApiError;
  /** Why another key or provider may do better; undefined when it would not. */
  readonly reason: FallbackReason | undefined;
  readonly retry: RetryHint;
}

const BAD_GATEWAY = 502;

/**
 * Tells apart the ways in which an attempt fails. A client that has left explains any broken
 * connection, but not an error that the provider had already answered.
 */
export function judgeFailure(error: unknown, clientHasLeft: boolean): Failure {
  if (error instanceof ProviderAnswerError) return judgeAnswer(error);
  if (error instanceof ApiError) return judgeRefusal(error);
  const isUnreachable = error instanceof ProviderUnreachableError;
  const providerStatus = error instanceof ProviderCutError ? error.status : undefined;
  if (clientHasLeft) {
    return { ...judgeClientLeft(), isAttempt: !isUnreachable, providerStatus };
  }
  const isCut = error instanceof ProviderCutError;
  return {
    outcome: isCut ? 'cut' : 'error',
    isAttempt: true,
    providerStatus,
    answer: new ApiError({ ...describe(error), status: BAD_GATEWAY }, { cause: error }),
    reason: isUnreachable ? 'unreachable' : 'provider_error',
    retry: {},
  };
}

/** For a call that its provider's wire has no words for: nothing was sent. */
function judgeRefusal(answer: ApiError): Failure {
  return {
    outcome: 'error',
    isAttempt: false,
    providerStatus: undefined,
    answer,
    reason: undefined,
    retry: {},
  };
}

/** For a client who left while nothing was on its way to a provider. */
export function judgeClientLeft(): Failure {
  return {
    outcome: 'client_abort',
    isAttempt: false,
    providerStatus: undefined,
    answer: createClientLeft(),
    reason: undefined,
    retry: {},
  };
}

function judgeAnswer(error: ProviderAnswerError): Failure {
  // An error inside a 200 answer must not reach the client as a success.
  const status = error.status >= 400 ? error.status : BAD_GATEWAY;
  const { afterMs } = error.retry;
  const retryAfter = afterMs === undefined ? undefined : String(Math.ceil(afterMs / 1_000));
  return {
    outcome: 'error',
    isAttempt: true,
    providerStatus: error.status,
    answer: new ApiError({ ...error.body, status, retryAfter }, { cause: error }),
    reason: reasonOf(status),
    retry: error.retry,
  };
}

function reasonOf(status: number): FallbackReason | undefined {
  if (status === 401 || status === 403) return 'invalid_key';
  if (status === 429) return 'rate_limited';
  // Any other refusal is about the request, and every provider would refuse it.
  return status >= 500 ? 'provider_error' : undefined;
}

function describe(error: unknown): ApiError['body'] {
  if (error instanceof ProviderCutError) {
    return {
      message: `${error.message} The answer is not complete.`,
      type: 'provider_error',
      code: 'provider_cut',
    };
  }
  return {
    message: 'The provider could not be reached.',
    type: 'provider_error',
    code: 'provider_unreachable',
  };
}
