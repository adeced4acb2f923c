/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return (low + high) / 2;
}

/** How long each of `times` runs took, in milliseconds. */
export async function timeRuns(times: number, run: () => Promise<unknown>): Promise<number[]> {
  const durationsMs: number[] = [];
  for (let done = 0; done < times; done += 1) {
    const startedAtMs = performance.now();
    await run();
    durationsMs.push(performance.now() - startedAtMs);
  }
  return durationsMs;
}
