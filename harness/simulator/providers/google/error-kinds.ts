import type { ErrorKinds } from '../error-kind.ts';

export const ERROR_KINDS: ErrorKinds = {
  byMessage: [[/^The input token count .*exceeds the maximum/, 'too_large']],
  byCode: {
    API_KEY_INVALID: 'invalid_key',
    API_KEY_SERVICE_BLOCKED: 'no_permission',
    INVALID_ARGUMENT: 'bad_request',
    FAILED_PRECONDITION: 'bad_request',
    OUT_OF_RANGE: 'bad_request',
    UNAUTHENTICATED: 'invalid_key',
    PERMISSION_DENIED: 'no_permission',
    NOT_FOUND: 'not_found',
    RESOURCE_EXHAUSTED: 'rate_limited',
    UNAVAILABLE: 'overloaded',
    INTERNAL: 'server_error',
    DEADLINE_EXCEEDED: 'server_error',
  },
};
