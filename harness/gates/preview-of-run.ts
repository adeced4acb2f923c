import { resolve } from 'node:path';
import type { LoadedConfig } from '#harness/config/load-config.ts';
import { drawPreview } from '#harness/preview/draw-preview.ts';
import { renderPage } from '#harness/preview/render-page.ts';
import { type LiveRun, loadLiveSeries } from './live-series.ts';

/** The page of the dashboards with what this run left; undefined where there are none. */
export async function previewOfRun(
  { config, root }: LoadedConfig,
  live: LiveRun,
  { startedAt, signal }: { startedAt: Date; signal: AbortSignal },
): Promise<string | undefined> {
  const {
    dashboards,
    service: { name },
  } = config;
  if (dashboards === undefined) return undefined;
  const { service, own } = await loadLiveSeries(live, signal);
  const preview = await drawPreview({
    folder: resolve(root, dashboards.folder),
    reasons: dashboards.empty ?? {},
    subject: `${name} in both modes, which have stopped`,
    prometheus: live.prometheus,
    series: [...service, ...own],
    fromSeconds: startedAt.getTime() / 1_000,
    toSeconds: live.toldAtSeconds,
    signal,
  });
  return await renderPage(preview);
}
