import { HarnessError } from '#harness/errors/harness-error.ts';
import { pollUntil } from '#harness/metrics/poll-until.ts';
import type { PromqlClient } from '#harness/metrics/promql-client.ts';
import { OWN_JOB } from '#harness/stack/prometheus/prometheus-config.ts';
import { EXTERNAL_INSTANCES, EXTERNAL_JOB, type ScrapeListen, scrapeJob } from './scrape-job.ts';

const POLL_MS = 200;
// Prometheus' own default interval is a minute; a job at the usual 15 s has been stored twice then.
const TIMEOUT_MS = 45_000;
// A configuration that was reloaded just now shows its targets within five seconds.
const NO_JOB_TIMEOUT_MS = 8_000;

export interface AwaitSlotScrapesOptions {
  promql: PromqlClient;
  listen: ScrapeListen;
  /** The instances whose scrapes have reached Tally. */
  reached: ReadonlySet<string>;
  signal?: AbortSignal | undefined;
}

/**
 * Waits until this Prometheus shows scrapes of every slot that came through Tally; gives their
 * interval in milliseconds. Throws H_STACK_NOT_SCRAPED with the job that is missing.
 */
export async function awaitSlotScrapes(options: AwaitSlotScrapesOptions): Promise<number> {
  const { promql, reached, signal } = options;
  const sinceSeconds = await promql.nowSeconds({ signal });
  const hasJob = (await targetsOf(options))?.length !== 0;
  const timeoutMs = hasJob ? TIMEOUT_MS : NO_JOB_TIMEOUT_MS;
  return await pollUntil(
    async (limit) => {
      if (EXTERNAL_INSTANCES.some((slot) => !reached.has(slot))) return undefined;
      const series = await promql.stored(`up{job=~"${EXTERNAL_JOB}|${OWN_JOB}"}[2m]`, {
        signal: limit,
      });
      const lasts = series.map(({ samples }) =>
        samples.slice(-2).map(({ atSeconds }) => atSeconds),
      );
      const isStored = lasts.filter(([, last = 0]) => last > sinceSeconds);
      if (isStored.length < EXTERNAL_INSTANCES.length) return undefined;
      return medianMs(isStored.map(([previous = 0, last = 0]) => (last - previous) * 1_000));
    },
    {
      everyMs: POLL_MS,
      timeoutMs,
      signal,
      onTimeout: async () => notScraped(await explain(options), timeoutMs, options),
    },
  );
}

/** Scrapes come within some milliseconds of their interval. */
function medianMs(intervalsMs: readonly number[]): number {
  const sorted = [...intervalsMs].sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return Math.max(100, Math.round(median / 100) * 100);
}

/** The targets of the job; undefined where the API has no list of them, as in Mimir. */
async function targetsOf({ promql, signal }: AwaitSlotScrapesOptions) {
  const targets = await promql.targets({ signal }).catch(() => undefined);
  signal?.throwIfAborted();
  return targets?.filter(({ labels }) => labels['job'] === EXTERNAL_JOB);
}

async function explain(options: AwaitSlotScrapesOptions): Promise<string> {
  const { listen, reached } = options;
  const targets = await targetsOf(options);
  if (targets?.length === 0) return `it has no job "${EXTERNAL_JOB}"`;
  const missing = EXTERNAL_INSTANCES.filter((slot) => !reached.has(slot));
  if (missing.length === 0) return 'another one scrapes the slots, and this one does not show that';
  const shown = missing.length > 3 ? `${missing.length} targets` : missing.join(', ');
  const error = targets?.find(({ lastError }) => lastError !== '')?.lastError;
  return `no scrape of ${shown} came to ${listen.host}:${listen.port}${error ? ` (${error})` : ''}`;
}

function notScraped(
  why: string,
  timeoutMs: number,
  { promql, listen }: AwaitSlotScrapesOptions,
): HarnessError {
  return new HarnessError(
    `Prometheus at ${promql.shownUrl} does not scrape what Tally starts: ${why} within ${timeoutMs / 1_000} s. Its configuration needs this job:\n\n${scrapeJob(listen)}`,
    {
      code: 'H_STACK_NOT_SCRAPED',
      fix: 'Add the job and reload Prometheus; set TALLY_SCRAPE_LISTEN to an address of this machine that Prometheus can reach.',
    },
  );
}
