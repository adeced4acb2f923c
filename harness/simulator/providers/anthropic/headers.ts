import { hexId } from '../../made-up.ts';
import type { AnswerContext } from '../wire.ts';

/** The id of the request, in the header and, of an error, in the body as well. */
export function requestId({ callId }: AnswerContext): string {
  return `req_${hexId('anthropic request', callId, 24)}`;
}

/** The headers around every answer of the API itself, names and values in turn. */
export function apiHeaders(contentType: string, context: AnswerContext): string[] {
  return [
    'content-type',
    contentType,
    'request-id',
    requestId(context),
    'anthropic-organization-id',
    '00000000-0000-4000-8000-000000000000',
  ];
}

/** What messages carry besides; the numbers are those of a quiet account. */
export function rateLimitHeaders({ nowMs }: AnswerContext): string[] {
  const reset = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
  return Object.entries(LIMITS).flatMap(([name, limit]) => {
    const header = `anthropic-ratelimit-${name}`;
    return [`${header}-limit`, limit, `${header}-remaining`, limit, `${header}-reset`, reset];
  });
}

const LIMITS = {
  'input-tokens': '4000000',
  'output-tokens': '800000',
  requests: '4000',
  tokens: '4800000',
};
