import { loadDashboards } from '#harness/dashboards/load-dashboards.ts';
import type { Labels } from '#harness/metrics/exposition.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import type { PrometheusServer } from '#harness/stack/stack.ts';
import { drawDashboards } from './draw-dashboards.ts';
import type { Preview } from './drawn.ts';

/** A run takes a minute at most, and a panel is some hundred pixels wide. */
const DRAWN = { scrapeIntervalMs: 500, pointsMax: 240 };

export interface DrawPreviewOptions {
  folder: string;
  /** Why a query answers nothing, by "<uid>/<panel id>/<reference id>". */
  reasons: Readonly<Record<string, string>>;
  /** What was looked at. */
  subject: string;
  prometheus: PrometheusServer;
  /** The labels of every series that there is at the end. */
  series: readonly Labels[];
  fromSeconds: number;
  toSeconds: number;
  signal: AbortSignal;
}

/** The dashboards of a folder with what Prometheus holds. */
export async function drawPreview({
  folder,
  reasons,
  prometheus,
  fromSeconds,
  toSeconds,
  ...options
}: DrawPreviewOptions): Promise<Preview> {
  return await drawDashboards(await loadDashboards(folder), {
    ...options,
    promql: createPromqlClient(prometheus),
    atSeconds: toSeconds,
    drawn: { ...DRAWN, rangeMs: Math.ceil(toSeconds - fromSeconds) * 1_000 },
    reasons,
  });
}
