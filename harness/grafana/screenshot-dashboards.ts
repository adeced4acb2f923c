import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { findProgram } from '#harness/stack/embedded/prometheus/find-prometheus.ts';
import type { GrafanaServer } from '#harness/stack/stack.ts';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'] as const;
const PAGE_TIMEOUT_MS = 30_000;
const VIEWPORT = { width: 1_400, height: 1_000 };

export interface ScreenshotOptions {
  server: Pick<GrafanaServer, 'url' | 'headers'>;
  uids: readonly string[];
  /** The time range, milliseconds since the epoch. */
  fromMs: number;
  toMs: number;
  /** Gets a `<uid>.png` for each. */
  folder: string;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

/** Pictures of the dashboards in Grafana; or why there are none. For people: nothing is judged. */
export async function screenshotDashboards(
  options: ScreenshotOptions,
): Promise<{ files: readonly string[] } | { problem: string }> {
  const executablePath = await findBrowser(options.env);
  if (executablePath === undefined) return { problem: `none of ${BROWSERS.join(', ')} on PATH` };
  try {
    return { files: await takeAll(executablePath, options) };
  } catch (error) {
    options.signal.throwIfAborted();
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown' };
  }
}

export async function findBrowser(env: ScreenshotOptions['env']): Promise<string | undefined> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of BROWSERS) {
    const found = await findProgram(name, folders);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function takeAll(executablePath: string, options: ScreenshotOptions): Promise<string[]> {
  const { server, uids, fromMs, toMs, folder, signal } = options;
  signal.throwIfAborted();
  await mkdir(folder, { recursive: true });
  // Its sandbox needs a user of its own.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  await using browser = await chromium.launch({ executablePath, args, timeout: PAGE_TIMEOUT_MS });
  const page = await browser.newPage({ viewport: VIEWPORT });
  page.setDefaultTimeout(PAGE_TIMEOUT_MS);
  // To Grafana only: a page may ask others too.
  await page.route(
    (url) => url.origin === new URL(server.url).origin,
    (route) => route.continue({ headers: { ...route.request().headers(), ...server.headers } }),
  );
  const files: string[] = [];
  for (const uid of uids) {
    signal.throwIfAborted();
    const range = new URLSearchParams({ from: String(fromMs), to: String(toMs) });
    const url = `${server.url}/d/${encodeURIComponent(uid)}?${range}&kiosk`;
    const response = await page.goto(url, { waitUntil: 'networkidle' });
    if (response?.ok() !== true) throw new Error(`HTTP ${response?.status()} at /d/${uid}`);
    const file = join(folder, `${uid}.png`);
    await page.screenshot({ path: file, fullPage: true });
    files.push(file);
  }
  return files;
}
