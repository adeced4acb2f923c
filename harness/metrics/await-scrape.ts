import { HarnessError } from '#harness/errors/harness-error.ts';
import { describeTarget } from './describe-target.ts';
import { pollUntil } from './poll-until.ts';
import type { StoredSample, StoredSeries } from './promql-answer.ts';
import type { PromqlClient } from './promql-client.ts';

/** Prometheus moves a scrape's timestamp by up to 2 ms to keep its rhythm. */
const TIMESTAMP_TOLERANCE_SECONDS = 0.003;

export interface WantedScrape {
  promql: PromqlClient;
  /** Label matchers that select one target's series. */
  selector: string;
  /** By Prometheus' clock: only what was scraped later counts. */
  sinceSeconds: number;
  /** The fence that the scrape must hold; without one, two scrapes must have started later. */
  epoch?: { metric: string; value: number } | undefined;
  timeoutMs: number;
  everyMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * Waits until Prometheus has stored the wanted scrape, whole and healthy, and gives its timestamp,
 * in seconds, exactly as Prometheus does. Throws HarnessError: H_METRICS_NOT_SCRAPED when the time
 * is up, H_METRICS_FENCE_RACED when somebody else raised the epoch, and what queries throw.
 */
export function awaitScrape(wanted: WantedScrape): Promise<number> {
  const { promql, selector, epoch, timeoutMs, everyMs, signal } = wanted;
  const startedAtMs = performance.now();
  const names = epoch === undefined ? 'up' : `up|${epoch.metric}`;
  let lastSeen = 'nothing';
  async function probe(limit: AbortSignal): Promise<number | undefined> {
    const windowSeconds = Math.ceil((performance.now() - startedAtMs) / 1_000) + 1;
    const query = `{__name__=~"${names}",${selector}}[${windowSeconds}s]`;
    const stored = await unlessAway(promql.stored(query, { signal: limit }));
    if (stored instanceof HarnessError) {
      lastSeen = stored.message.split('\n', 1)[0] ?? '';
      return undefined;
    }
    const seen = scrapesIn(stored, wanted);
    lastSeen = describeSeen(seen, epoch);
    return epoch === undefined
      ? secondScrape(seen, wanted.sinceSeconds)
      : fencedScrape(seen, epoch);
  }
  const onTimeout = async () =>
    notScraped(wanted, lastSeen, await describeTarget(promql, selector));
  return pollUntil(probe, { everyMs, timeoutMs, signal, onTimeout });
}

/** A Prometheus that is away may come back: the error is a value then. */
export async function unlessAway<T>(answer: Promise<T>): Promise<T | HarnessError> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'H_METRICS_PROMETHEUS_AWAY') return error;
    throw error;
  }
}

interface SeenScrapes {
  up: readonly StoredSample[];
  epochs: readonly StoredSample[];
}

function scrapesIn(stored: readonly StoredSeries[], wanted: WantedScrape): SeenScrapes {
  const { sinceSeconds, epoch } = wanted;
  const later = (name: string) =>
    theOnly(stored, name, wanted).filter(({ atSeconds }) => atSeconds > sinceSeconds);
  return { up: later('up'), epochs: epoch === undefined ? [] : later(epoch.metric) };
}

function theOnly(
  stored: readonly StoredSeries[],
  name: string,
  { selector }: WantedScrape,
): readonly StoredSample[] {
  const [series, ...others] = stored.filter(({ labels }) => labels['__name__'] === name);
  if (others.length === 0) return series?.samples ?? [];
  throw new HarnessError(`${name}{${selector}} is ${others.length + 1} series instead of one.`, {
    code: 'H_METRICS_QUERY_ANSWER',
    fix: 'Select one instance (and one replica) by more labels.',
  });
}

/** The first healthy scrape that holds the fence: its samples all bear this timestamp. */
function fencedScrape(
  { up, epochs }: SeenScrapes,
  { metric, value }: { metric: string; value: number },
): number | undefined {
  const healthy = new Set(up.filter((sample) => sample.value === 1).map((s) => s.atSeconds));
  const fenced = epochs.filter((sample) => sample.value === value);
  const scrape = fenced.find(({ atSeconds }) => healthy.has(atSeconds));
  if (scrape !== undefined) return scrape.atSeconds;
  const beyond = epochs.find((sample) => sample.value > value);
  if (beyond === undefined || fenced.length > 0) return undefined;
  throw new HarnessError(
    `${metric} went to ${beyond.value} before Prometheus scraped the fence at ${value}.`,
    {
      code: 'H_METRICS_FENCE_RACED',
      fix: 'Let nothing but Tally read the summary of this service while it settles.',
    },
  );
}

function secondScrape({ up }: SeenScrapes, sinceSeconds: number): number | undefined {
  const started = sinceSeconds + TIMESTAMP_TOLERANCE_SECONDS;
  const later = up.filter(({ value, atSeconds }) => value === 1 && atSeconds > started);
  return later[1]?.atSeconds;
}

function describeSeen({ up, epochs }: SeenScrapes, epoch: WantedScrape['epoch']): string {
  const health = up.at(-1)?.value;
  const scraped = health === undefined ? 'no scrape' : `a scrape with up=${health}`;
  if (epoch === undefined) return scraped;
  return `${scraped}, ${epoch.metric} ${epochs.at(-1)?.value ?? 'absent'} (wanted ${epoch.value})`;
}

function notScraped(
  { promql, selector, timeoutMs, epoch }: WantedScrape,
  lastSeen: string,
  target: string,
): HarnessError {
  const wanted = epoch === undefined ? 'two whole scrapes' : 'the scrape of the fence';
  return new HarnessError(
    `Prometheus at ${promql.shownUrl} did not store ${wanted} of {${selector}} within ` +
      `${Math.round(timeoutMs)} ms. Last seen: ${lastSeen}. ${target}`,
    {
      code: 'H_METRICS_NOT_SCRAPED',
      fix: 'Mend what the target reports, or allow more time than a few scrape intervals.',
    },
  );
}
