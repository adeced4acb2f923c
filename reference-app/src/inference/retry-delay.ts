import type { RetryHint } from '../providers/provider-error.ts';

const RETRIES_MAX = 2;
/** Longer than this and the client had better ask again itself: it is told when. */
const DELAY_MAX_MS = 5_000;
/** For a provider that says "retry" but not when. */
const DELAY_UNSAID_MS = 500;

/**
 * How long to wait until the same target is asked again; undefined: not again. Only the provider
 * knows whether that is of use, so without a word of it nothing is tried again: the provider bills
 * attempts, not intentions.
 */
export function retryDelayMs(retry: RetryHint, retriesDone: number): number | undefined {
  if (retriesDone >= RETRIES_MAX || retry.isUseful === false) return undefined;
  const delayMs = retry.afterMs ?? (retry.isUseful === true ? DELAY_UNSAID_MS : undefined);
  return delayMs !== undefined && delayMs <= DELAY_MAX_MS ? delayMs : undefined;
}
