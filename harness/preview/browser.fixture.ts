import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { processEnvironment } from '#harness/config/env.ts';
import { findBrowser } from '#harness/grafana/screenshot-dashboards.ts';

const TIMEOUT_MS = 30_000;

export const NO_BROWSER = 'there is no Chromium on PATH, so nobody looked at the page';

/** A page from disk in a real browser, and all that went wrong in it. */
export interface OpenedPage extends AsyncDisposable {
  page: Page;
  problems: readonly string[];
}

/** undefined where there is no browser. */
export async function openInBrowser(
  html: string,
  options: { width: number; colorScheme?: 'dark' | 'light' },
): Promise<OpenedPage | undefined> {
  const executablePath = await findBrowser(processEnvironment());
  if (executablePath === undefined) return undefined;
  await using owned = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'preview-'));
  owned.defer(() => rm(folder, { recursive: true }));
  const file = join(folder, 'preview.html');
  await writeFile(file, html);
  // Its sandbox needs a user of its own.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = owned.use(await chromium.launch({ executablePath, args, timeout: TIMEOUT_MS }));
  const { width, colorScheme = 'light' } = options;
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  page.setDefaultTimeout(TIMEOUT_MS);
  const problems: string[] = [];
  page.on('console', (message) => void problems.push(message.text()));
  page.on('pageerror', (error) => void problems.push(String(error)));
  page.on('request', (request) => {
    if (!/^(?:file|data):/.test(request.url())) problems.push(`It asks for ${request.url()}.`);
  });
  await page.goto(pathToFileURL(file).href);
  const resources = owned.move();
  return { page, problems, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
