import type { ErrorBody } from '../errors/api-error.ts';

/** The provider answered an error, as a status or inside a 200 answer. The body holds no key. */
export class ProviderAnswerError extends Error {
  override readonly name = 'ProviderAnswerError';
  /** The provider's own status: 200 when the error came inside a 200 answer. */
  readonly status: number;
  readonly body: ErrorBody;
  readonly retryAfter: string | undefined;

  constructor(status: number, body: ErrorBody, retryAfter?: string) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
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
