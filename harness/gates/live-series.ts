import type { Labels } from '#harness/metrics/exposition.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import type { LiveSegments } from '#harness/modes/run-segments.ts';

/** The labels of every series that Prometheus has of a run. */
export interface LiveSeries {
  /** Of the last process of each mode, at its last fence. */
  service: readonly Labels[];
  /** Of Tally itself, now. */
  own: readonly Labels[];
}

export async function loadLiveSeries(
  { segments, prometheus }: LiveSegments,
  signal: AbortSignal,
): Promise<LiveSeries> {
  const promql = createPromqlClient(prometheus);
  const labelsOf = async (selector: string, atSeconds?: number): Promise<Labels[]> => {
    const at = atSeconds === undefined ? {} : { atSeconds };
    const rows = await promql.instant(`{${selector}}`, { ...at, signal });
    return rows.map(({ labels }) => labels);
  };
  const ofModes = Object.values(segments).map(({ metrics: { selector, atSeconds } }) =>
    labelsOf(selector, atSeconds),
  );
  return {
    service: (await Promise.all(ofModes)).flat(),
    own: await labelsOf(prometheus.ownSlot.selector),
  };
}
