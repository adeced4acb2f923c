import { HarnessError } from '#harness/errors/harness-error.ts';
import { awaitScrape, unlessAway } from './await-scrape.ts';
import type { Exposition } from './exposition.ts';
import { ExpositionError } from './exposition-error.ts';
import type { MetricsReader } from './metrics-reader.ts';
import { pollUntil } from './poll-until.ts';
import type { PromqlClient } from './promql-client.ts';

interface ReadSummary<S> {
  summary: S;
  /** The epoch that this reading raised; left out by a service that has none. */
  epoch?: number | undefined;
}

export interface SettleOptions<S> {
  promql: PromqlClient;
  /** Label matchers that select only this service's series, e.g. `instance="slot-3"`. */
  selector: string;
  /** Its epochMetric is the fence; without one, two scrapes that started at rest serve. */
  reader: MetricsReader;
  /** Reads the service's own summary, once per attempt. */
  readSummary: (options: { signal: AbortSignal }) => Promise<ReadSummary<S>>;
  /** Limit of the whole, milliseconds; 20,000 when left out. */
  timeoutMs?: number;
  /** Pause between two questions to Prometheus, milliseconds; 5 when left out. */
  everyMs?: number;
  signal?: AbortSignal | undefined;
}

/** A moment at which summary, /metrics and every PromQL query tell of the same state. */
export interface Instant<S> {
  /** Timestamp of the scrape, exactly as Prometheus gives it: evaluate every query there. */
  readonly atSeconds: number;
  readonly epoch: number | undefined;
  readonly summary: S;
  /** The metrics at rest, as read from the service itself. */
  readonly exposition: Exposition;
  /** When the summary was asked, on the monotonic clock (performance.now()). */
  readonly fencedAtMs: number;
}

/**
 * Waits until the service is quiet and Prometheus has scraped that quiet state: quiet → fence
 * (read the summary) → wait for the scrape of the fence → see that nothing moved meanwhile, else
 * start again. Throws ExpositionError when the service does not show the epoch it returned, and
 * HarnessError with the last thing seen when the time is up.
 */
export async function settle<S>(options: SettleOptions<S>): Promise<Instant<S>> {
  const { timeoutMs = 20_000, everyMs = 5, signal } = options;
  const timeLimit = AbortSignal.timeout(timeoutMs);
  const limit = signal === undefined ? timeLimit : AbortSignal.any([signal, timeLimit]);
  const attempt = { ...options, everyMs, limit, deadlineMs: performance.now() + timeoutMs };
  let unrest: readonly string[] = [];
  do {
    try {
      const settled = await settleOnce(attempt);
      if (settled.unrest.length === 0) return settled.instant;
      unrest = settled.unrest;
    } catch (error) {
      // When the time is up in a later attempt, the unrest that ended the earlier one is the news.
      const isTimeUp = error instanceof HarnessError && remainingMs(attempt) === 0;
      const isNoNews = error === timeLimit.reason || (isTimeUp && unrest.length > 0);
      if (!isNoNews) throw error;
    }
  } while (remainingMs(attempt) > 0);
  signal?.throwIfAborted();
  throw notSettled(timeoutMs, unrest);
}

interface Attempt<S> extends SettleOptions<S> {
  everyMs: number;
  limit: AbortSignal;
  deadlineMs: number;
}

function remainingMs({ deadlineMs }: Attempt<unknown>): number {
  return Math.max(0, Math.ceil(deadlineMs - performance.now()));
}

async function settleOnce<S>(
  attempt: Attempt<S>,
): Promise<{ instant: Instant<S>; unrest: string[] }> {
  const { reader, promql, selector, everyMs, limit, signal } = attempt;
  const quiet = await reader.untilQuiet({ signal, timeoutMs: remainingMs(attempt) });
  const sinceSeconds = await nowSeconds(attempt);
  const fencedAtMs = performance.now();
  const { summary, epoch: raisedTo = Number.NaN } = await attempt.readSummary({ signal: limit });
  const epoch = fenceOf(reader.epochMetric, raisedTo);
  if (epoch !== undefined) expectEpoch(await reader.read({ signal: limit }), epoch);
  const timeoutMs = remainingMs(attempt);
  const scrape = { promql, selector, sinceSeconds, epoch, timeoutMs, everyMs, signal };
  const atSeconds = await awaitScrape(scrape);
  const exposition = await reader.read({ signal: limit });
  const open = reader.whyNotQuiet();
  const unrest = [...(open === undefined ? [] : [open]), ...reader.differences(quiet, exposition)];
  const instant = { atSeconds, epoch: epoch?.value, summary, exposition, fencedAtMs };
  return { instant, unrest };
}

/** Prometheus' own clock, waited for when Prometheus is away. */
function nowSeconds<S>(attempt: Attempt<S>): Promise<number> {
  const { promql, everyMs, signal } = attempt;
  let away: HarnessError | undefined;
  async function probe(limit: AbortSignal): Promise<number | undefined> {
    const now = await unlessAway(promql.nowSeconds({ signal: limit }));
    if (typeof now === 'number') return now;
    away = now;
    return undefined;
  }
  const onTimeout = () => away ?? hangs(promql);
  return pollUntil(probe, { everyMs, timeoutMs: remainingMs(attempt), signal, onTimeout });
}

function hangs({ shownUrl }: PromqlClient): HarnessError {
  return new HarnessError(`Prometheus at ${shownUrl} gave no answer in time.`, {
    code: 'H_METRICS_PROMETHEUS_AWAY',
    fix: 'See that Prometheus runs, and that its URL and headers are right.',
  });
}

function notSettled(timeoutMs: number, unrest: readonly string[]): HarnessError {
  const why =
    unrest.length === 0
      ? 'its summary or its metrics gave no answer'
      : `it moved while Prometheus scraped it: ${unrest.slice(0, 5).join('; ')}`;
  return new HarnessError(`The service did not settle within ${timeoutMs} ms; ${why}.`, {
    code: 'H_METRICS_NOT_QUIET',
    fix: 'End what still calls the service; list what changes with time in service.decayingMetrics.',
  });
}

interface Fence {
  metric: string;
  value: number;
}

function fenceOf(metric: string | undefined, value: number): Fence | undefined {
  return metric === undefined ? undefined : { metric, value };
}

/** The fence only holds when /metrics shows the very epoch that the summary returned. */
function expectEpoch({ families }: Exposition, { metric, value }: Fence): void {
  const [sample] = families.get(metric)?.samples ?? [];
  if (Number.isSafeInteger(value) && sample?.value === value) return;
  const shown = sample === undefined ? `no ${metric}` : `${metric} ${sample.text}`;
  throw new ExpositionError(`the summary returned the epoch ${value}, but /metrics shows ${shown}`);
}
