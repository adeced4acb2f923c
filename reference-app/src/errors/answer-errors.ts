import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DEFAULT_SHAPE, shapeNamed } from '../shapes/shapes.ts';
import { ApiError, type ErrorBody } from './api-error.ts';

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (error instanceof Error && status >= 400 && status < 500) {
    // Fastify's own refusals: malformed JSON, a body too large, an unknown content type.
    return new ApiError(
      { status, message: error.message, type: 'invalid_request_error' },
      { cause: error },
    );
  }
  // The cause may name tables, hosts or keys, so the client is told nothing of it.
  const body: ErrorBody = {
    message: 'The service failed to answer. Please retry.',
    type: 'server_error',
  };
  return new ApiError({ status: 500, ...body }, { cause: error });
}

/** Answers any error in the shape of its route, and logs what the client is not told. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const apiError = toApiError(error);
  if (apiError.status >= 500) logFailure(error, request);
  if (apiError.retryAfter !== undefined) reply.header('retry-after', apiError.retryAfter);
  const shape = shapeNamed(request.routeOptions.config.shape ?? DEFAULT_SHAPE);
  reply.code(apiError.status).send(shape.toErrorAnswer(apiError, request.id));
}

/** A known failure is one line; anything else is a bug of ours, and its stack says where. */
function logFailure(error: unknown, request: FastifyRequest): void {
  if (error instanceof ApiError) {
    const { status, body, cause } = error;
    const reason = cause instanceof Error ? cause.message : undefined;
    request.log.warn({ status, code: body.code, reason }, error.message);
  } else {
    request.log.error(
      { stack: error instanceof Error ? error.stack : undefined },
      'unexpected failure',
    );
  }
}

/** Makes every error answer in the shape of its route, and an unknown path in OpenAI's. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    answerError(
      new ApiError({
        status: 404,
        // Without its query, which may hold a key.
        message: `Unknown request URL: ${request.method} ${request.url.split('?', 1)[0]}.`,
        type: 'invalid_request_error',
        code: 'unknown_url',
      }),
      request,
      reply,
    );
  });
}
