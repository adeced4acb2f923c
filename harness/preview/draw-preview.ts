import { resolve } from 'node:path';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { loadDashboards } from '#harness/dashboards/load-dashboards.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Labels } from '#harness/metrics/exposition.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import type { PrometheusServer } from '#harness/stack/stack.ts';
import { drawDashboards } from './draw-dashboards.ts';
import type { Preview } from './drawn.ts';

/** A run takes a minute at most, and a panel is some hundred pixels wide. */
const DRAWN = { scrapeIntervalMs: 500, pointsMax: 240 };

export interface DrawPreviewOptions {
  /** What was looked at. */
  subject: string;
  prometheus: PrometheusServer;
  /** The labels of every series that there is at the end. */
  series: readonly Labels[];
  fromSeconds: number;
  toSeconds: number;
  signal: AbortSignal;
}

/** The dashboards of a configuration with what Prometheus holds. Throws H_CLI_USAGE without any. */
export async function drawPreview(
  { config, root }: LoadedConfig,
  { subject, prometheus, series, fromSeconds, toSeconds, signal }: DrawPreviewOptions,
): Promise<Preview> {
  if (config.dashboards === undefined) {
    throw new HarnessError('The configuration names no dashboards, so there is nothing to draw.', {
      code: 'H_CLI_USAGE',
      fix: 'Name their folder in `dashboards` of tally.config.ts.',
    });
  }
  return await drawDashboards(await loadDashboards(resolve(root, config.dashboards.folder)), {
    subject,
    promql: createPromqlClient(prometheus),
    atSeconds: toSeconds,
    drawn: { ...DRAWN, rangeMs: Math.ceil(toSeconds - fromSeconds) * 1_000 },
    signal,
    series,
    reasons: config.dashboards.empty ?? {},
  });
}
