import { setTimeout as pause } from 'node:timers/promises';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { SLOT_JOB } from './prometheus-config.ts';
import { queryInstant } from './query-instant.ts';

const POLL_MS = 50;
const TIMEOUT_MS = 60_000;

export interface FirstScrapesOptions {
  prometheusUrl: string;
  targets: number;
  signal: AbortSignal;
}

/** Resolves once each target was scraped, with whatever result. Throws H_STACK_FIRST_SCRAPE. */
export async function waitForFirstScrapes(options: FirstScrapesOptions): Promise<void> {
  const { prometheusUrl, targets, signal } = options;
  const deadlineMs = performance.now() + TIMEOUT_MS;
  const query = `count(up{job="${SLOT_JOB}"})`;
  let problem = 'none was scraped';
  while (performance.now() < deadlineMs) {
    try {
      const [scraped = 0] = await queryInstant(prometheusUrl, query, signal);
      if (scraped >= targets) return;
      problem = `${scraped} of ${targets} targets were scraped`;
      await pause(POLL_MS, undefined, { signal });
    } catch (error) {
      if (signal.aborted) problem = 'the stack was stopped';
      else problem = error instanceof Error ? error.message : String(error);
      if (signal.aborted) break;
      await pause(POLL_MS, undefined, { signal });
    }
  }
  throw new HarnessError(`Prometheus at ${prometheusUrl} did not scrape: ${problem}.`, {
    code: 'H_STACK_FIRST_SCRAPE',
    fix: 'Look at /api/v1/targets of that server; is the machine out of memory or processors?',
  });
}
