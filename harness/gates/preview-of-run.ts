import { resolve } from 'node:path';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import type { LiveSegments } from '#harness/modes/run-segments.ts';
import { drawPreview } from '#harness/preview/draw-preview.ts';
import { renderPage } from '#harness/preview/render-page.ts';
import { loadLiveSeries } from './live-series.ts';

/** The page of the dashboards with what this run left; undefined where there are none. */
export async function previewOfRun(
  { config, root }: LoadedConfig,
  live: LiveSegments,
  { startedAt, signal }: { startedAt: Date; signal: AbortSignal },
): Promise<string | undefined> {
  const {
    dashboards,
    service: { name },
  } = config;
  if (dashboards === undefined) return undefined;
  const { prometheus } = live;
  const { service, own } = await loadLiveSeries(live, signal);
  const preview = await drawPreview({
    folder: resolve(root, dashboards.folder),
    reasons: dashboards.empty ?? {},
    subject: `${name} in both modes, which have stopped`,
    prometheus,
    series: [...service, ...own],
    fromSeconds: startedAt.getTime() / 1_000,
    toSeconds: await createPromqlClient(prometheus).nowSeconds({ signal }),
    signal,
  });
  return await renderPage(preview);
}
