import type { RetryHint } from './provider-error.ts';

/** The hint of `retry-after` (seconds; a date is of no use here), `retry-after-ms` and `x-should-retry`. */
export function parseRetryHeaders(headers: Headers): RetryHint {
  const shouldRetry = headers.get('x-should-retry');
  return {
    afterMs: parseNumber(headers.get('retry-after-ms')) ?? toMs(headers.get('retry-after')),
    isUseful: shouldRetry === null ? undefined : shouldRetry === 'true',
  };
}

function toMs(seconds: string | null): number | undefined {
  const number = parseNumber(seconds);
  return number === undefined ? undefined : number * 1_000;
}

function parseNumber(text: string | null): number | undefined {
  return text !== null && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
