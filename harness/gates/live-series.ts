import type { Labels } from '#harness/metrics/exposition.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import type { LiveSegments } from '#harness/modes/run-segments.ts';

/** Both modes when they have ended, and when Prometheus had all that Tally told of them. */
export interface LiveRun extends LiveSegments {
  toldAtSeconds: number;
}

/** The labels of every series that Prometheus has of a run. */
export interface LiveSeries {
  /** Of the last process of each mode, at its last fence. */
  service: readonly Labels[];
  /** Of Tally itself. */
  own: readonly Labels[];
}

export async function loadLiveSeries(
  { segments, prometheus, toldAtSeconds }: LiveRun,
  signal: AbortSignal,
): Promise<LiveSeries> {
  const promql = createPromqlClient(prometheus);
  const labelsOf = async (selector: string, atSeconds: number): Promise<Labels[]> => {
    const rows = await promql.instant(`{${selector}}`, { atSeconds, signal });
    return rows.map(({ labels }) => labels);
  };
  const ofModes = Object.values(segments).map(({ metrics: { selector, atSeconds } }) =>
    labelsOf(selector, atSeconds),
  );
  return {
    service: (await Promise.all(ofModes)).flat(),
    own: await labelsOf(prometheus.ownSlot.selector, toldAtSeconds),
  };
}
