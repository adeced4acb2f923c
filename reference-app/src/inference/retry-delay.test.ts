import { describe, expect, test } from 'vitest';
import { retryDelayMs } from './retry-delay.ts';

describe('the delay before a retry', () => {
  test.for([
    ['nothing was said', {}, 0, undefined],
    ['the provider says when', { afterMs: 1_500 }, 0, 1_500],
    ['the provider says at once', { afterMs: 0 }, 1, 0],
    ['the provider says that it is of use, but not when', { isUseful: true }, 0, 500],
    [
      'the provider says when, and that it is of no use',
      { afterMs: 1, isUseful: false },
      0,
      undefined,
    ],
    ['it is longer than a client waits', { afterMs: 41_000, isUseful: true }, 0, undefined],
    ['two retries are done', { afterMs: 0 }, 2, undefined],
  ] as const)('when %s', ([, hint, retriesDone, delayMs]) => {
    expect(retryDelayMs(hint, retriesDone)).toBe(delayMs);
  });
});
