const HEAD_TIMEOUT_MS = 600_000;

/**
 * Opens a call with a limit until its answer begins. The limits of some SDKs go on while the answer
 * is read, and would cut a stream that is only long.
 */
export async function untilHead<T>(
  { signal, timeoutMs = HEAD_TIMEOUT_MS }: { signal: AbortSignal; timeoutMs?: number | undefined },
  open: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    return await open(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}
