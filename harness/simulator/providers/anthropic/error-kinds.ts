import type { ErrorKinds } from '../error-kind.ts';

export const ERROR_KINDS: ErrorKinds = {
  byMessage: [
    [/^(prompt is too long|too many total text bytes)/, 'too_large'],
    // 400 and not 402, although money is what is missing.
    [/credit balance is too low/, 'quota_exhausted'],
  ],
  byCode: {
    invalid_request_error: 'bad_request',
    authentication_error: 'invalid_key',
    billing_error: 'quota_exhausted',
    permission_error: 'no_permission',
    not_found_error: 'not_found',
    request_too_large: 'too_large',
    rate_limit_error: 'rate_limited',
    timeout_error: 'server_error',
    api_error: 'server_error',
    overloaded_error: 'overloaded',
  },
};
