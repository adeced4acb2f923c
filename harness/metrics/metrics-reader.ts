import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Exposition } from './exposition.ts';
import { leftOutBy } from './left-out.ts';
import type { Movement } from './movement.ts';
import { movementBetween } from './movement-between.ts';
import { movementChannel } from './movement-channel.ts';
import { pollUntil } from './poll-until.ts';
import { type MetricsReading, readMetrics } from './read-metrics.ts';
import { createRestWatch, differences } from './rest-watch.ts';
import { showUrl } from './show-url.ts';

export interface MetricsReaderOptions {
  metricsUrl: string;
  /** Sent with each reading, e.g. an authorization. Never shown. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** What moves with time alone: names and patterns as leftOutBy() takes them. */
  leaveOut?: readonly string[];
  /** The gauge that reading the summary raises, if the service has one; left out of movements. */
  epochMetric?: string | undefined;
  /**
   * Why the service cannot be quiet yet, e.g. "2 provider calls are open", or undefined. The
   * caller's ledgers know it.
   */
  whyNotQuiet?: () => string | undefined;
  /**
   * Gauges by which the service says that it is still at work. They are waited for, but not
   * trusted: one that stays up for `stuckAfterMs` is left to the movement, where it is a finding.
   */
  inFlightMetrics?: readonly string[];
  /** How many calls are held open on purpose: what these gauges show at rest. 0 when left out. */
  heldOpen?: () => number;
  /** 1,000 when left out. */
  stuckAfterMs?: number;
  /** Limit of one wait for quiet, milliseconds; 10,000 when left out. */
  timeoutMs?: number;
  /** Pause between two readings, milliseconds; 10 when left out. */
  everyMs?: number;
  /** Called with every reading, quiet or not, in their order. */
  onReading?: (reading: MetricsReading) => void;
}

interface WaitOptions {
  signal?: AbortSignal | undefined;
  /** A shorter limit for this wait, milliseconds. */
  timeoutMs?: number;
}

/** Reads the metrics of one service: at once, at rest, or around an action. */
export interface MetricsReader {
  readonly metricsUrl: string;
  readonly epochMetric: string | undefined;
  /** One reading, quiet or not. */
  read(options?: { signal?: AbortSignal | undefined }): Promise<Exposition>;
  /**
   * Waits until nothing is open and two readings in a row are equal; gives the second. Throws
   * HarnessError H_METRICS_NOT_QUIET.
   */
  untilQuiet(options?: WaitOptions): Promise<Exposition>;
  /** Waits for quiet before and after the action, and gives the exact change in between. */
  during(
    action: () => unknown,
    options?: { name?: string; signal?: AbortSignal | undefined },
  ): Promise<Movement>;
  /** The series that differ between two readings, apart from what is left out, e.g. "x: 1 → 2". */
  differences(one: Exposition, other: Exposition): string[];
  /** Why the service cannot be quiet now, as the caller's ledgers know it, or undefined. */
  whyNotQuiet(): string | undefined;
}

export function createMetricsReader({
  metricsUrl,
  headers,
  leaveOut = [],
  epochMetric,
  whyNotQuiet = () => undefined,
  inFlightMetrics = [],
  heldOpen = () => 0,
  stuckAfterMs = 1_000,
  timeoutMs = 10_000,
  everyMs = 10,
  onReading = () => undefined,
}: MetricsReaderOptions): MetricsReader {
  const isLeftOut = leftOutBy(epochMetric === undefined ? leaveOut : [...leaveOut, epochMetric]);
  const watch = createRestWatch({ isLeftOut, inFlightMetrics, heldOpen, stuckAfterMs });

  async function read({ signal }: Pick<WaitOptions, 'signal'> = {}): Promise<MetricsReading> {
    const reading = await readMetrics(metricsUrl, { signal, headers });
    onReading(reading);
    return reading;
  }

  async function untilQuiet({ signal, ...wait }: WaitOptions = {}): Promise<Exposition> {
    const limitMs = Math.min(timeoutMs, wait.timeoutMs ?? timeoutMs);
    let unrest = 'its metrics were not read';
    watch.restart();
    async function probe(limit: AbortSignal): Promise<Exposition | undefined> {
      const exposition = whyNotQuiet() === undefined ? await read({ signal: limit }) : undefined;
      // Something may have opened while the metrics were read, and what is counted late of a call
      // must not meet a reading from before it.
      const open = whyNotQuiet();
      if (exposition === undefined || open !== undefined) {
        watch.restart();
        unrest = open ?? unrest;
        return undefined;
      }
      const why = watch.observe(exposition, performance.now());
      if (why === undefined) return exposition;
      unrest = why;
      return undefined;
    }
    const onTimeout = () => notQuiet(metricsUrl, limitMs, unrest);
    return pollUntil(probe, { everyMs, timeoutMs: limitMs, signal, onTimeout });
  }

  return {
    metricsUrl,
    epochMetric,
    read,
    untilQuiet,
    whyNotQuiet,
    differences: (one, other) => differences(one, other, isLeftOut),
    async during(action, { signal, name = 'the action' } = {}) {
      const before = await untilQuiet({ signal });
      await action();
      const after = await untilQuiet({ signal });
      const movement = movementBetween(before, after, { action: name, isLeftOut });
      movementChannel.publish(movement);
      return movement;
    },
  };
}

function notQuiet(metricsUrl: string, timeoutMs: number, unrest: string): HarnessError {
  return new HarnessError(
    `${showUrl(metricsUrl)}: the service did not come to rest within ${timeoutMs} ms; ${unrest}.`,
    {
      code: 'H_METRICS_NOT_QUIET',
      fix: 'End what is open; list metrics that change with time alone in service.decayingMetrics.',
    },
  );
}
