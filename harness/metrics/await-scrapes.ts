import { HarnessError } from '#harness/errors/harness-error.ts';
import { describeTarget } from './describe-target.ts';
import type { PinnedInstant, TargetScrape } from './pinned-instant.ts';
import { pollUntil } from './poll-until.ts';
import type { StoredSample, StoredSeries } from './promql-answer.ts';
import type { PromqlClient } from './promql-client.ts';

/** Prometheus moves a scrape's timestamp by up to 2 ms to keep its rhythm. */
const TIMESTAMP_TOLERANCE_SECONDS = 0.003;

/** What the scrape of one target must be. */
export interface WantedScrape {
  /** Label matchers that select one target's series. */
  selector: string;
  /** By Prometheus' clock: only what was scraped later counts. */
  sinceSeconds: number;
  /** The fence that the scrape must hold; without one, two scrapes must have started later. */
  epoch?: { metric: string; value: number } | undefined;
}

interface AwaitOptions {
  promql: PromqlClient;
  /** Limit of the wait, milliseconds. */
  timeoutMs: number;
  everyMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * Waits until the last scrape that Prometheus has stored of every target, at one moment, is the
 * wanted one, whole and healthy. Throws HarnessError: H_METRICS_NOT_SCRAPED when the time is up,
 * H_METRICS_FENCE_RACED when somebody else raised an epoch, and what queries throw.
 */
export function awaitScrapes(
  wanted: readonly WantedScrape[],
  { promql, timeoutMs, everyMs, signal }: AwaitOptions,
): Promise<PinnedInstant> {
  const startedAtMs = performance.now();
  let missing = wanted.map((scrape) => ({ scrape, lastSeen: 'nothing' }));
  async function probe(limit: AbortSignal): Promise<PinnedInstant | undefined> {
    const windowSeconds = Math.ceil((performance.now() - startedAtMs) / 1_000) + 1;
    const seen = await Promise.all(
      wanted.map((scrape) => see(scrape, { promql, windowSeconds, limit })),
    );
    const lacking = seen.filter(({ good }) => good.length === 0);
    missing = lacking.length === 0 ? seen : lacking;
    return instantOf(seen);
  }
  const onTimeout = async () => {
    const said = missing.map(async ({ scrape: { selector }, lastSeen }) => {
      return `{${selector}}: last seen: ${lastSeen}. ${await describeTarget(promql, selector)}`;
    });
    return notScraped({ promql, timeoutMs }, wanted, await Promise.all(said));
  };
  return pollUntil(probe, { everyMs, timeoutMs, signal, onTimeout });
}

/** What Prometheus has stored of one target. */
interface Seen {
  scrape: WantedScrape;
  /** Timestamps of all later scrapes, oldest first. */
  all: readonly number[];
  /** Of those that are as wanted. */
  good: readonly number[];
  /** For messages. */
  lastSeen: string;
}

async function see(
  scrape: WantedScrape,
  {
    promql,
    windowSeconds,
    limit,
  }: { promql: PromqlClient; windowSeconds: number; limit: AbortSignal },
): Promise<Seen> {
  const { selector, epoch } = scrape;
  const names = epoch === undefined ? 'up' : `up|${epoch.metric}`;
  const query = `{__name__=~"${names}",${selector}}[${windowSeconds}s]`;
  const stored = await unlessAway(promql.stored(query, { signal: limit }));
  if (stored instanceof HarnessError) {
    const lastSeen = stored.message.split('\n', 1)[0] ?? '';
    return { scrape, all: [], good: [], lastSeen };
  }
  const samples = scrapesIn(stored, scrape);
  return {
    scrape,
    all: samples.up.map(({ atSeconds }) => atSeconds),
    good: epoch === undefined ? restedScrapes(samples, scrape) : fencedScrapes(samples, epoch),
    lastSeen: describeSeen(samples, epoch),
  };
}

/** The first moment at which the last scrape of every target is a good one. */
function instantOf(seen: readonly Seen[]): PinnedInstant | undefined {
  const moments = seen.flatMap(({ good }) => good).sort((one, other) => one - other);
  for (const atSeconds of moments) {
    const scrapes = seen.flatMap(({ scrape: { selector }, all, good }): TargetScrape[] => {
      const last = all.findLast((time) => time <= atSeconds);
      return last !== undefined && good.includes(last) ? [{ selector, atSeconds: last }] : [];
    });
    if (scrapes.length === seen.length) return { atSeconds, scrapes };
  }
  return undefined;
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

/** The healthy scrapes that hold the fence: their samples all bear the same timestamp. */
function fencedScrapes(
  { up, epochs }: SeenScrapes,
  { metric, value }: { metric: string; value: number },
): number[] {
  const healthy = new Set(up.filter((sample) => sample.value === 1).map((s) => s.atSeconds));
  const fenced = epochs.filter((sample) => sample.value === value);
  const scrapes = fenced.map(({ atSeconds }) => atSeconds).filter((time) => healthy.has(time));
  const beyond = epochs.find((sample) => sample.value > value);
  if (beyond === undefined || fenced.length > 0) return scrapes;
  throw new HarnessError(
    `${metric} went to ${beyond.value} before Prometheus scraped the fence at ${value}.`,
    {
      code: 'H_METRICS_FENCE_RACED',
      fix: 'Let nothing but Tally read the summary of this service while it settles.',
    },
  );
}

/** The healthy scrapes that must have started after the first later one was stored. */
function restedScrapes({ up }: SeenScrapes, { sinceSeconds }: WantedScrape): number[] {
  const started = sinceSeconds + TIMESTAMP_TOLERANCE_SECONDS;
  return up
    .filter(({ value, atSeconds }) => value === 1 && atSeconds > started)
    .map(({ atSeconds }) => atSeconds)
    .slice(1);
}

function describeSeen({ up, epochs }: SeenScrapes, epoch: WantedScrape['epoch']): string {
  const health = up.at(-1)?.value;
  const scraped = health === undefined ? 'no scrape' : `a scrape with up=${health}`;
  if (epoch === undefined) return scraped;
  return `${scraped}, ${epoch.metric} ${epochs.at(-1)?.value ?? 'absent'} (wanted ${epoch.value})`;
}

function notScraped(
  { promql, timeoutMs }: Pick<AwaitOptions, 'promql' | 'timeoutMs'>,
  [first]: readonly WantedScrape[],
  missing: readonly string[],
): HarnessError {
  const wanted = first?.epoch === undefined ? 'two whole scrapes' : 'the scrape of the fence';
  return new HarnessError(
    `Prometheus at ${promql.shownUrl} did not store ${wanted} within ${Math.round(timeoutMs)} ms ` +
      `of ${missing.join(' Nor of ')}`,
    {
      code: 'H_METRICS_NOT_SCRAPED',
      fix: 'Mend what the target reports, or allow more time than a few scrape intervals.',
    },
  );
}
