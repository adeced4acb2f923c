import type { FastifyRequest } from 'fastify';
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

/** A hook that lets only the holder of a known service key pass; everyone else gets 401. */
export function createAuthenticate(findUser: FindUser): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const apiKey = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const user = apiKey === undefined ? undefined : await findUser(apiKey);
    if (user === undefined) {
      throw new ApiError({
        status: 401,
        message: 'Incorrect API key provided. Send a service key as "Authorization: Bearer <key>".',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      });
    }
    request.user = user;
  };
}

/** The user of an authenticated request. */
export function userOf(request: FastifyRequest): User {
  if (request.user === undefined) throw new Error('This route is not behind authenticate().');
  return request.user;
}
