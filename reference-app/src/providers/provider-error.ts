import type { ErrorBody } from '../errors/api-error.ts';

/** What the provider says of asking again; nothing when it says nothing. */
export interface RetryHint {
  readonly afterMs?: number | undefined;
  /** false: the same call will never succeed. */
  readonly isUseful?: boolean | undefined;
}

/** The provider answered an error, as a status or inside a 200 answer. The body holds no key. */
export class ProviderAnswerError extends Error {
  override readonly name = 'ProviderAnswerError';
  /**
   * The provider's own status (200 when the error came inside a 200 answer), but 401 for a key that
   * it does not know, whatever it calls that.
   */
  readonly status: number;
  readonly body: ErrorBody;
  readonly retry: RetryHint;

  constructor(status: number, body: ErrorBody, retry: RetryHint = {}) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.retry = retry;
  }
}

/** Nothing of the call was sent, because there was no connection or the caller gave up first. */
export class ProviderUnreachableError extends Error {
  override readonly name = 'ProviderUnreachableError';
}

/** The provider's answer broke off, or ended without its grammar's end. */
export class ProviderCutError extends Error {
  override readonly name = 'ProviderCutError';
  /** The provider's status; undefined when it broke off before that. */
  readonly status: number | undefined;

  constructor(message: string, { status, ...options }: ErrorOptions & { status?: number } = {}) {
    super(message, options);
    this.status = status;
  }
}
