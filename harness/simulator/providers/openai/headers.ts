import { hexId } from '../../made-up.ts';
import type { AnswerContext } from '../wire.ts';

/** The headers around every JSON or stream answer of the API itself, names and values in turn. */
export function apiHeaders(contentType: string, { callId }: AnswerContext): string[] {
  return [
    'content-type',
    contentType,
    'access-control-expose-headers',
    'X-Request-ID',
    'openai-processing-ms',
    '1',
    'openai-version',
    '2020-10-01',
    'x-request-id',
    `req_${hexId('openai request', callId, 32)}`,
  ];
}

/** What chat answers carry besides; the numbers are those of a quiet account. */
export const RATE_LIMIT_HEADERS: readonly string[] = [
  'x-ratelimit-limit-requests',
  '30000',
  'x-ratelimit-limit-tokens',
  '150000000',
  'x-ratelimit-remaining-requests',
  '29999',
  'x-ratelimit-remaining-tokens',
  '149999987',
  'x-ratelimit-reset-requests',
  '2ms',
  'x-ratelimit-reset-tokens',
  '0s',
];
