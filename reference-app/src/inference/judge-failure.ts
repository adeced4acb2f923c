import type { Outcome } from '../accounting/usage-event.ts';
import { ApiError, createClientLeft } from '../errors/api-error.ts';
import {
  ProviderAnswerError,
  ProviderCutError,
  ProviderUnreachableError,
} from '../providers/provider-error.ts';

/** What a failed attempt means for the books and for the client. */
export interface Failure {
  readonly outcome: Outcome;
  /** false: the client left before anything was sent, so there was no attempt at all. */
  readonly isAttempt: boolean;
  readonly providerStatus: number | undefined;
  readonly answer: ApiError;
}

const BAD_GATEWAY = 502;

/**
 * Tells apart the ways in which an attempt fails. A client that has left explains any broken
 * connection, but not an error that the provider had already answered.
 */
export function judgeFailure(error: unknown, clientHasLeft: boolean): Failure {
  if (error instanceof ProviderAnswerError) {
    // An error inside a 200 answer must not reach the client as a success.
    const status = error.status >= 400 ? error.status : BAD_GATEWAY;
    const answer = new ApiError(
      { ...error.body, status, retryAfter: error.retryAfter },
      { cause: error },
    );
    return { outcome: 'error', isAttempt: true, providerStatus: error.status, answer };
  }
  const providerStatus = error instanceof ProviderCutError ? error.status : undefined;
  if (clientHasLeft) {
    const isAttempt = !(error instanceof ProviderUnreachableError);
    return { outcome: 'client_abort', isAttempt, providerStatus, answer: createClientLeft() };
  }
  const answer = new ApiError({ ...describe(error), status: BAD_GATEWAY }, { cause: error });
  if (error instanceof ProviderCutError) {
    return { outcome: 'cut', isAttempt: true, providerStatus, answer };
  }
  return { outcome: 'error', isAttempt: true, providerStatus, answer };
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
