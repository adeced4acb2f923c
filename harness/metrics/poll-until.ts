import { setTimeout as pause } from 'node:timers/promises';

export interface PollOptions {
  /** Least pause between two probes, milliseconds; as long as a probe took when that is more. */
  everyMs: number;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Says what was last seen when the time is up. */
  onTimeout: () => Error | Promise<Error>;
}

/**
 * Probes until there is a value. The probe's signal ends with the time limit, so a hanging probe
 * is a time-out too. Throws what the probe throws, onTimeout's error, or the caller's abort reason.
 */
export async function pollUntil<T>(
  probe: (signal: AbortSignal) => Promise<T | undefined>,
  { everyMs, timeoutMs, signal, onTimeout }: PollOptions,
): Promise<T> {
  const timeLimit = AbortSignal.timeout(Math.ceil(timeoutMs));
  const limit = signal === undefined ? timeLimit : AbortSignal.any([signal, timeLimit]);
  while (!limit.aborted) {
    try {
      const startedAtMs = performance.now();
      const found = await probe(limit);
      if (found !== undefined) return found;
      // On a busy machine, questions must not take the time that their answer needs.
      const tookMs = performance.now() - startedAtMs;
      await pause(Math.max(everyMs, tookMs), undefined, { signal: limit });
    } catch (error) {
      if (!limit.aborted) throw error;
    }
  }
  signal?.throwIfAborted();
  throw await onTimeout();
}
