import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { loadConfig } from '#harness/config/load-config.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { awaitScrapes } from '#harness/metrics/await-scrapes.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { drawPreview } from '#harness/preview/draw-preview.ts';
import { renderPage } from '#harness/preview/render-page.ts';
import type { CommandContext } from './command-context.ts';
import { type RunningFlags, whileServiceRuns } from './while-service-runs.ts';

export interface PreviewFlags extends RunningFlags {
  output: string;
}

const SCRAPE_TIMEOUT_MS = 30_000;

/** Writes the page, and says where it is. */
export async function runPreview(flags: PreviewFlags, context: CommandContext): Promise<void> {
  const loaded = await loadConfig(flags.config);
  const { dashboards, service } = loaded.config;
  if (dashboards === undefined) throw noDashboards(flags.config);
  await whileServiceRuns({ loaded, flags, context }, async ({ stack, wired, ...running }) => {
    const { prometheus } = stack;
    const { signal } = running;
    context.output.progress('drawing the dashboards');
    const promql = createPromqlClient(prometheus);
    const selectors = [wired.slot, prometheus.ownSlot].map(({ selector }) => selector);
    const sinceSeconds = await promql.nowSeconds({ signal });
    const { atSeconds } = await awaitScrapes(
      selectors.map((selector) => ({ selector, sinceSeconds })),
      { promql, timeoutMs: SCRAPE_TIMEOUT_MS, everyMs: prometheus.scrapeIntervalMs, signal },
    );
    const rows = selectors.map((selector) =>
      promql.instant(`{${selector}}`, { atSeconds, signal }),
    );
    const preview = await drawPreview({
      folder: resolve(loaded.root, dashboards.folder),
      reasons: dashboards.empty ?? {},
      subject: `${service.name} in ${flags.mode} mode`,
      prometheus,
      series: (await Promise.all(rows)).flat().map(({ labels }) => labels),
      fromSeconds: running.playedFromSeconds,
      toSeconds: atSeconds,
      signal,
    });
    const path = resolve(flags.output);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await renderPage(preview));
    context.output.line(path);
  });
}

function noDashboards(file: string): HarnessError {
  return new HarnessError(`${file} names no dashboards, so there is nothing to draw.`, {
    code: 'H_CONFIG_INVALID',
    fix: 'Name their folder: `dashboards: { folder }`.',
  });
}
