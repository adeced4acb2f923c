import type { ErrorAnswer } from '../script.ts';

/** The hints of an error as headers, names and values in turn. */
export function retryHints({
  retryAfterSeconds,
  shouldRetry,
}: Pick<ErrorAnswer, 'retryAfterSeconds' | 'shouldRetry'>): string[] {
  return [
    ...(retryAfterSeconds === undefined ? [] : ['retry-after', String(retryAfterSeconds)]),
    ...(shouldRetry === undefined ? [] : ['x-should-retry', String(shouldRetry)]),
  ];
}
