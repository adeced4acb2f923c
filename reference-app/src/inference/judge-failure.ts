import type { Outcome } from '../accounting/usage-event.ts';
import { ApiError } from '../errors/api-error.ts';
import { ProviderAnswerError, ProviderCutError } from '../providers/provider-error.ts';

/** What a failed attempt means for the books and for the client. */
export interface Failure {
  readonly outcome: Outcome;
  /** false: nothing of the call can have reached the provider, so nothing is billed. */
  readonly wasSent: boolean;
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
    return { outcome: 'error', wasSent: true, providerStatus: error.status, answer };
  }
  const answer = new ApiError({ ...describe(error), status: BAD_GATEWAY }, { cause: error });
  const unanswered = { providerStatus: undefined, answer };
  if (clientHasLeft) return { ...unanswered, outcome: 'client_abort', wasSent: true };
  if (error instanceof ProviderCutError) return { ...unanswered, outcome: 'cut', wasSent: true };
  return { ...unanswered, outcome: 'error', wasSent: false };
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
