import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { drawPreview } from '#harness/preview/draw-preview.ts';
import { renderPage } from '#harness/preview/render-page.ts';
import type { CommandContext } from './command-context.ts';
import { type RunningFlags, whileServiceRuns } from './while-service-runs.ts';

export interface PreviewFlags extends RunningFlags {
  output: string;
}

/** Writes the page, and says where it is. */
export async function runPreview(flags: PreviewFlags, context: CommandContext): Promise<void> {
  const { output } = context;
  await whileServiceRuns(flags, context, async (running) => {
    const { loaded, wired, playedFromSeconds, signal } = running;
    const { prometheus } = running.stack;
    output.progress('drawing the dashboards');
    const promql = createPromqlClient(prometheus);
    const toSeconds = await promql.nowSeconds({ signal });
    const selectors = [wired.slot, prometheus.ownSlot].flatMap((slot) => slot?.selector ?? []);
    const rows = selectors.map((selector) =>
      promql.instant(`{${selector}}`, { atSeconds: toSeconds, signal }),
    );
    const preview = await drawPreview(loaded, {
      subject: `${loaded.config.service.name} in ${flags.mode} mode`,
      prometheus,
      series: (await Promise.all(rows)).flat().map(({ labels }) => labels),
      fromSeconds: playedFromSeconds,
      toSeconds,
      signal,
    });
    const path = resolve(flags.output);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await renderPage(preview));
    output.line(path);
  });
}
