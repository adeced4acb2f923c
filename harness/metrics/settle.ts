import { HarnessError } from '#harness/errors/harness-error.ts';
import { awaitScrapes, unlessAway } from './await-scrapes.ts';
import type { Exposition } from './exposition.ts';
import { ExpositionError } from './exposition-error.ts';
import type { MetricsReader } from './metrics-reader.ts';
import type { PinnedInstant } from './pinned-instant.ts';
import { pollUntil } from './poll-until.ts';
import type { PromqlClient } from './promql-client.ts';

interface ReadSummary<S> {
  summary: S;
  /** The epoch that this reading raised; left out by a service that has none. */
  epoch?: number | undefined;
}

/** One process of the service, and what Prometheus calls it. */
export interface SettleTarget<S> {
  /** Label matchers that select only this process's series, e.g. `instance="slot-3"`. */
  selector: string;
  /** Its epochMetric is the fence; without one, two scrapes that started at rest serve. */
  reader: MetricsReader;
  /** Reads the process's own summary, once per attempt. */
  readSummary: (options: { signal: AbortSignal }) => Promise<ReadSummary<S>>;
}

interface Limits {
  promql: PromqlClient;
  /** Limit of the whole, milliseconds; 20,000 when left out. */
  timeoutMs?: number;
  /** Pause between two questions to Prometheus, milliseconds; 5 when left out. */
  everyMs?: number;
  signal?: AbortSignal | undefined;
}

export type SettleOptions<S> = Limits & SettleTarget<S>;
export type SettleAllOptions<S> = Limits & { targets: readonly SettleTarget<S>[] };

/** What one process said of itself at rest. */
export interface TargetState<S> {
  readonly selector: string;
  readonly epoch: number | undefined;
  readonly summary: S;
  /** The metrics at rest, as read from the service itself. */
  readonly exposition: Exposition;
}

/** A moment at which summaries, /metrics and every PromQL query tell of the same state. */
export interface SettledInstant<S> extends PinnedInstant {
  readonly states: readonly TargetState<S>[];
  /** When the first summary was asked, on the monotonic clock (performance.now()). */
  readonly fencedAtMs: number;
}

/** The same of a service of one process. */
export type Instant<S> = Omit<SettledInstant<S>, 'states'> & TargetState<S>;

/**
 * Waits until the service is quiet and Prometheus has scraped that quiet state: quiet → fence
 * (read the summary) → wait for the scrape of the fence → see that nothing moved meanwhile, else
 * start again. Throws ExpositionError when the service does not show the epoch it returned, and
 * HarnessError with the last thing seen when the time is up.
 */
export async function settle<S>(options: SettleOptions<S>): Promise<Instant<S>> {
  const { selector, reader, readSummary, ...limits } = options;
  const settled = await settleAll({ ...limits, targets: [{ selector, reader, readSummary }] });
  const { states, ...instant } = settled;
  const [state] = states as readonly [TargetState<S>];
  return { ...instant, ...state };
}

/** The same for several processes of one service: all of them are quiet and scraped at once. */
export async function settleAll<S>(options: SettleAllOptions<S>): Promise<SettledInstant<S>> {
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

interface Attempt<S> extends SettleAllOptions<S> {
  everyMs: number;
  limit: AbortSignal;
  deadlineMs: number;
}

function remainingMs({ deadlineMs }: Attempt<unknown>): number {
  return Math.max(0, Math.ceil(deadlineMs - performance.now()));
}

async function settleOnce<S>(
  attempt: Attempt<S>,
): Promise<{ instant: SettledInstant<S>; unrest: string[] }> {
  const { targets, promql, everyMs, limit, signal } = attempt;
  const wait = { signal, timeoutMs: remainingMs(attempt) };
  const quiet = await Promise.all(
    targets.map(async (target) => ({ ...target, before: await target.reader.untilQuiet(wait) })),
  );
  const sinceSeconds = await scrapedUntil(attempt);
  const fencedAtMs = performance.now();
  const fenced = await Promise.all(
    quiet.map(async (target) => ({ ...target, ...(await raiseFence(target, limit)) })),
  );
  const wanted = fenced.map(({ selector, epoch }) => ({ selector, epoch, sinceSeconds }));
  const timeoutMs = remainingMs(attempt);
  const pinned = await awaitScrapes(wanted, { promql, timeoutMs, everyMs, signal });
  const scraped = await Promise.all(
    fenced.map(async (one) => ({ ...one, exposition: await one.reader.read({ signal: limit }) })),
  );
  const states = scraped.map(({ selector, summary, epoch, exposition }) => {
    return { selector, summary, epoch: epoch?.value, exposition };
  });
  const unrest = scraped.flatMap(({ reader, before, exposition }) => {
    const open = reader.whyNotQuiet();
    return [...(open === undefined ? [] : [open]), ...reader.differences(before, exposition)];
  });
  return { instant: { ...pinned, states, fencedAtMs }, unrest };
}

/**
 * By Prometheus' clock: its now, or what it has stored already, should the clock that answers run
 * behind the one that scrapes. Waited for when Prometheus is away.
 */
function scrapedUntil<S>(attempt: Attempt<S>): Promise<number> {
  const { promql, targets, everyMs, signal } = attempt;
  let away: HarnessError | undefined;
  async function probe(limit: AbortSignal): Promise<number | undefined> {
    const last = targets.map(({ selector }) =>
      promql.instant(`timestamp(up{${selector}})`, { signal: limit }),
    );
    const asked = Promise.all([promql.nowSeconds({ signal: limit }), Promise.all(last)]);
    const answer = await unlessAway(asked);
    if (!(answer instanceof HarnessError)) {
      const [now, stored] = answer;
      return Math.max(now, ...stored.flat().map(({ value }) => value));
    }
    away = answer;
    return undefined;
  }
  const onTimeout = () => away ?? hangs(promql);
  return pollUntil(probe, { everyMs, timeoutMs: remainingMs(attempt), signal, onTimeout });
}

async function raiseFence<S>({ reader, readSummary }: SettleTarget<S>, limit: AbortSignal) {
  const { summary, epoch: raisedTo = Number.NaN } = await readSummary({ signal: limit });
  const epoch = fenceOf(reader.epochMetric, raisedTo);
  if (epoch !== undefined) expectEpoch(await reader.read({ signal: limit }), epoch);
  return { summary, epoch };
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
