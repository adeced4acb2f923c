import type { StoredSeries } from '#harness/metrics/promql-answer.ts';
import type { LiveData } from './choose-variables.ts';
import { intervalMs } from './intervals.ts';

/** The points of one query over the time range, as a panel draws them: at multiples of its step. */
export async function drawQuery(
  query: string,
  { promql, atSeconds, drawn, signal }: LiveData,
): Promise<StoredSeries[]> {
  const stepMs = intervalMs(drawn);
  return await promql.stored(`(${query}\n)[${drawn.rangeMs}ms:${stepMs}ms]`, {
    atSeconds: endOf(atSeconds, stepMs),
    signal,
  });
}

/** The last point, in seconds: rounded up, so that what happened since the one before is seen. */
export function endOf(atSeconds: number, stepMs: number): number {
  return (Math.ceil((atSeconds * 1_000) / stepMs) * stepMs) / 1_000;
}

/** NaN is no data: a share of nothing, a quantile of nothing. */
export function hasData(series: readonly StoredSeries[]): boolean {
  return series.some(({ samples }) => samples.some(({ value }) => !Number.isNaN(value)));
}
