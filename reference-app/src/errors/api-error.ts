/** The inside of OpenAI's error envelope. */
export interface ErrorBody {
  readonly message: string;
  readonly type: string;
  readonly param?: string | null;
  readonly code?: string | number | null;
}

interface Refusal extends ErrorBody {
  readonly status: number;
  /** Passed on from a provider. */
  readonly retryAfter?: string | undefined;
}

/** An answer other than 2xx. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly body: ErrorBody;
  readonly retryAfter: string | undefined;

  constructor({ status, retryAfter, ...body }: Refusal, options?: ErrorOptions) {
    super(body.message, options);
    this.status = status;
    this.retryAfter = retryAfter;
    this.body = body;
  }
}

/** For a request whose client has left: nobody reads it, it only ends the request in Fastify. */
export function createClientLeft(): ApiError {
  return new ApiError({ status: 499, message: 'The client left.', type: 'client_abort' });
}

/** OpenAI's envelope, with every key that its clients read present. */
export function toEnvelope({ message, type, param = null, code = null }: ErrorBody): {
  readonly error: Required<ErrorBody>;
} {
  return { error: { message, type, param, code } };
}
