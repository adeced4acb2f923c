import { setTimeout as pause } from 'node:timers/promises';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { SLOT_JOB } from './prometheus-config.ts';
import { queryInstant } from './query-instant.ts';

const POLL_MS = 50;
const TIMEOUT_DEFAULT_MS = 60_000;

export interface FirstScrapesOptions {
  prometheusUrl: string;
  targets: number;
  /** Ends the waiting when the stack is stopped. */
  signal: AbortSignal;
  timeoutMs?: number;
}

/** Resolves once each target was scraped, with whatever result. Throws H_STACK_FIRST_SCRAPE. */
export async function waitForFirstScrapes(options: FirstScrapesOptions): Promise<void> {
  const { prometheusUrl, targets, signal, timeoutMs = TIMEOUT_DEFAULT_MS } = options;
  const deadlineMs = performance.now() + timeoutMs;
  const query = `count(up{job="${SLOT_JOB}"})`;
  let problem = '';
  while (performance.now() < deadlineMs && !signal.aborted) {
    try {
      const [scraped = 0] = await queryInstant(prometheusUrl, query, signal);
      if (scraped >= targets) return;
      problem = `${scraped} of ${targets} targets after ${timeoutMs} ms`;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  if (signal.aborted) problem = 'the stack was stopped';
  throw new HarnessError(`Prometheus at ${prometheusUrl} did not scrape: ${problem}.`, {
    code: 'H_STACK_FIRST_SCRAPE',
    fix: 'Look at /api/v1/targets of that server; is the machine out of memory or processors?',
  });
}
