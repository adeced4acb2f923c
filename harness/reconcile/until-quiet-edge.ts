import { setTimeout as pause } from 'node:timers/promises';

/** The time before the fence in which a quantity is counted. */
export interface Window {
  ms: number;
  /** Nothing may have ended so close to the window's lower edge: all clocks must agree on it. */
  quietMs: number;
}

/** A fence that is asked for is there after so long at most, mostly. */
const SETTLE_MS = 5_000;

interface Ends {
  /** When requests ended, monotonic milliseconds. */
  readonly endsMs: readonly number[];
  readonly nowMs: number;
}

/**
 * How long to wait before the fence, so that nothing ended near the lower edge of any window. The
 * edge goes on with the clock, and in the end it has passed everything that was sent.
 */
export function msUntilQuietEdge(windows: readonly Window[], { endsMs, nowMs }: Ends): number {
  const busy = windows
    .flatMap(({ ms, quietMs }) =>
      endsMs.map((endMs) => ({ from: endMs + ms - quietMs, to: endMs + ms + quietMs })),
    )
    .sort((one, other) => one.from - other.from);
  let fenceMs = nowMs;
  for (const { from, to } of busy) {
    if (from < fenceMs + SETTLE_MS && to > fenceMs) fenceMs = to;
  }
  return fenceMs - nowMs;
}

/** Waits so long, and says so. */
export async function untilQuietEdge(
  windows: readonly Window[],
  ends: Ends,
  { progress, signal }: { progress: (text: string) => void; signal?: AbortSignal | undefined },
): Promise<void> {
  const waitMs = msUntilQuietEdge(windows, ends);
  if (waitMs === 0) return;
  progress(`waiting ${Math.ceil(waitMs / 1_000)} s for a window whose edge is quiet`);
  await pause(waitMs, undefined, { signal });
}
