import type { ErrorKinds } from '../error-kind.ts';

export const ERROR_KINDS: ErrorKinds = {
  byMessage: [
    // 429 and "tokens", like a limit that time would lift; only a smaller request helps.
    [/^Request too large/, 'too_large'],
  ],
  byCode: {
    invalid_api_key: 'invalid_key',
    model_not_found: 'not_found',
    context_length_exceeded: 'too_large',
    string_above_max_length: 'too_large',
    rate_limit_exceeded: 'rate_limited',
    insufficient_quota: 'quota_exhausted',
    billing_hard_limit_reached: 'quota_exhausted',
    request_forbidden: 'no_permission',
    server_is_overloaded: 'overloaded',
    server_error: 'server_error',
    model_error: 'server_error',
    requests: 'rate_limited',
    tokens: 'rate_limited',
  },
};
