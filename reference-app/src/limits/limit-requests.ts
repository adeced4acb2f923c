import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error.ts';
import { userOf } from '../users/authenticate.ts';

const WINDOW_MS = 60_000;

interface RequestLimitOptions {
  /** Requests of one user in a minute; 0 is no limit. */
  readonly perMinute: number;
  readonly onLimited: () => void;
}

/**
 * Limits the requests of one user, for a hook behind authenticate(): so the headers appear only for
 * a user who was found. Each instance counts for itself.
 */
export async function createRequestLimit(
  app: FastifyInstance,
  { perMinute, onLimited }: RequestLimitOptions,
): Promise<(request: FastifyRequest, reply: FastifyReply) => Promise<void>> {
  if (perMinute === 0) return () => Promise.resolve();
  await app.register(rateLimit, { global: false });
  const count = app.createRateLimit({
    max: perMinute,
    timeWindow: WINDOW_MS,
    keyGenerator: (request) => userOf(request).id,
  });
  return async (request, reply) => {
    const state = await count(request);
    if (state.isAllowed) return;
    const { max, remaining, ttlInSeconds, isExceeded } = state;
    reply.headers({
      'x-ratelimit-limit': max,
      'x-ratelimit-remaining': remaining,
      'x-ratelimit-reset': ttlInSeconds,
    });
    if (!isExceeded) return;
    onLimited();
    throw createLimited(`More than ${max} requests in a minute.`, String(ttlInSeconds));
  };
}

/** The service's own refusal, which no provider has to answer for. */
export function createLimited(message: string, retryAfter?: string): ApiError {
  return new ApiError({
    status: 429,
    message,
    type: 'rate_limit_exceeded',
    code: 'rate_limit_exceeded',
    retryAfter,
  });
}
