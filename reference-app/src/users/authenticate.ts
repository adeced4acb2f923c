import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error.ts';
import type { FindUser } from './find-user.ts';
import type { User } from './user.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by authenticate() before the body is read. */
    user: User | undefined;
  }
}

const BEARER = /^Bearer +(\S+)$/i;

/** A hook that sets request.user or refuses. */
export type Authenticate = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Lets only the holder of a known service key pass, and only as often as `limit` does. */
export function createAuthenticate(findUser: FindUser, limit: Authenticate): Authenticate {
  return async (request, reply) => {
    const apiKey = keyOf(request.headers);
    const user = apiKey === undefined ? undefined : await findUser(apiKey);
    if (user === undefined) {
      throw new ApiError({
        status: 401,
        message:
          'Incorrect API key provided. Send a service key as "Authorization: Bearer <key>" or "x-api-key".',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      });
    }
    request.user = user;
    await limit(request, reply);
  };
}

/** Clients made for Anthropic send their key in a header of its own. */
function keyOf(headers: FastifyRequest['headers']): string | undefined {
  const { authorization, 'x-api-key': key } = headers;
  if (authorization !== undefined) return BEARER.exec(authorization)?.[1];
  return typeof key === 'string' && key !== '' ? key : undefined;
}

/** The user of an authenticated request. */
export function userOf(request: FastifyRequest): User {
  if (request.user === undefined) throw new Error('This route is not behind authenticate().');
  return request.user;
}
