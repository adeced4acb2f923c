import { PrometheusDriver } from 'prometheus-query';
import type { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';
import {
  type PromqlData,
  type PromqlRow,
  promqlAnswer,
  rowsOf,
  type StoredSeries,
  storedSeriesOf,
} from './promql-answer.ts';
import { promqlFamilies } from './promql-families.ts';
import { type PromqlTarget, promqlTargets } from './promql-targets.ts';
import { type Exchange, queryError } from './query-error.ts';
import { showUrl } from './show-url.ts';

const TIMEOUT_MS = 5_000;

export interface PromqlClientOptions {
  /** Base URL of the HTTP API, e.g. "http://127.0.0.1:9090"; a path prefix is kept. */
  url: string;
  /** e.g. the tenant of a Mimir. Never shown. */
  headers?: Readonly<Record<string, string>>;
  /** Limit of one query, milliseconds; 5,000 when left out. */
  timeoutMs?: number;
}

interface QueryOptions {
  /** When the query is evaluated, in seconds since the epoch; Prometheus' own now when left out. */
  atSeconds?: number;
  signal?: AbortSignal | undefined;
}

/** Absent, NaN and a number (0 too) are three different answers. */
type PromqlValue =
  | { kind: 'absent' }
  | { kind: 'nan' }
  | { kind: 'number'; value: number; text: string };

/**
 * Asks a Prometheus-compatible API. Every method throws HarnessError: H_METRICS_PROMETHEUS_AWAY,
 * H_METRICS_QUERY_REFUSED, or H_METRICS_QUERY_ANSWER when the answer proves nothing.
 */
export interface PromqlClient {
  /** For messages: without credentials. */
  readonly shownUrl: string;
  /** Every series of a vector or scalar. */
  instant(query: string, options?: QueryOptions): Promise<PromqlRow[]>;
  /** The one value of a query that answers at most one series. */
  value(query: string, options?: QueryOptions): Promise<PromqlValue>;
  /** The stored samples that a range selector such as `up[5s]` covers. */
  stored(rangeSelector: string, options?: QueryOptions): Promise<StoredSeries[]>;
  /** The time by Prometheus' own clock, in seconds since the epoch. */
  nowSeconds(options?: { signal?: AbortSignal | undefined }): Promise<number>;
  /** The scrape targets, with the last error of each. */
  targets(options?: { signal?: AbortSignal | undefined }): Promise<PromqlTarget[]>;
  /** The metric families that some target declares now, also those without a series. */
  families(options?: { signal?: AbortSignal | undefined }): Promise<ReadonlySet<string>>;
}

export function createPromqlClient(options: PromqlClientOptions): PromqlClient {
  const shownUrl = showUrl(options.url);

  async function ask<T>(query: string, request: Request<T>): Promise<T> {
    const { signal, timeoutMs } = withLimit(request.signal, options.timeoutMs ?? TIMEOUT_MS);
    const exchange: Exchange = {};
    const driver = createDriver(options, { ...request, signal, exchange });
    try {
      await request.send(driver);
    } catch (error) {
      request.signal?.throwIfAborted();
      // The driver's own reading of the answer fails on results that are fine for us.
      if (exchange.status !== 200) {
        throw queryError({ query, shownUrl, timeoutMs, exchange, error, isLate: signal.aborted });
      }
    }
    const answer = request.answer.safeParse(exchange.body);
    if (!answer.success) throw unusable(`${shownUrl} gave no Prometheus answer`, query);
    return answer.data;
  }

  async function evaluate(query: string, { atSeconds, signal }: QueryOptions = {}) {
    const at = atSeconds === undefined ? undefined : Math.round(atSeconds * 1_000);
    const { data, warnings } = await ask(query, {
      answer: promqlAnswer,
      send: (driver) => driver.instantQuery(query, at),
      signal,
      isNow: atSeconds === undefined,
    });
    // e.g. Thanos answers without a store that is away, and only warns.
    if (warnings?.length) throw unusable(`Prometheus warns: ${warnings.join('; ')}`, query);
    return data;
  }

  const instant = async (query: string, queryOptions?: QueryOptions) => {
    const data = await evaluate(query, queryOptions);
    return rowsOf(data) ?? wrongType(data, query, 'a vector or scalar');
  };
  return {
    shownUrl,
    instant,
    async value(query, queryOptions) {
      const [row, ...more] = await instant(query, queryOptions);
      if (row === undefined) return { kind: 'absent' };
      if (more.length > 0) throw unusable(`${more.length + 1} series instead of one`, query);
      if (Number.isNaN(row.value)) return { kind: 'nan' };
      return { kind: 'number', value: row.value, text: row.text };
    },
    async stored(rangeSelector, queryOptions) {
      const data = await evaluate(rangeSelector, queryOptions);
      return storedSeriesOf(data) ?? wrongType(data, rangeSelector, 'a range of samples');
    },
    async nowSeconds(waitOptions) {
      const [row] = await instant('time()', waitOptions);
      return row?.value ?? Number.NaN;
    },
    targets: ({ signal } = {}) =>
      ask('/api/v1/targets', {
        answer: promqlTargets,
        send: (driver) => driver.targets('active'),
        signal,
        isNow: false,
      }),
    families: ({ signal } = {}) =>
      ask('/api/v1/metadata', {
        answer: promqlFamilies,
        send: (driver) => driver.metadata(),
        signal,
        isNow: false,
      }),
  };
}

interface Request<T> {
  answer: z.ZodType<T>;
  send: (driver: PrometheusDriver) => Promise<unknown>;
  signal: AbortSignal | undefined;
  /** Leave the time to Prometheus: the driver would send this machine's clock. */
  isNow: boolean;
}

/**
 * A driver for one request. prometheus-query 3.5 reads "+Inf" as NaN, cuts timestamps to Dates,
 * loses warnings and takes no AbortSignal: its interceptors give the signal and keep the answer as
 * it was sent.
 */
function createDriver(
  { url, headers, timeoutMs = TIMEOUT_MS }: PromqlClientOptions,
  { signal, isNow, exchange }: { signal: AbortSignal; isNow: boolean; exchange: Exchange },
): PrometheusDriver {
  return new PrometheusDriver({
    endpoint: url,
    headers: { ...headers },
    // The signal is the limit; the driver's own one only must not come first.
    timeout: 2 * timeoutMs,
    requestInterceptor: {
      onFulfilled(config) {
        if (isNow && config.params instanceof URLSearchParams) config.params.delete('time');
        // axios would send even a query to loopback through HTTP_PROXY.
        return Object.assign(config, isLoopback(url) ? { signal, proxy: false } : { signal });
      },
    },
    responseInterceptor: {
      onFulfilled(response) {
        exchange.status = response.status;
        exchange.body = response.data;
        return response;
      },
      onRejected(error: { response?: { status: number; data: unknown } }) {
        // A good status here means that the body broke off: then there is no answer.
        if (error.response !== undefined && error.response.status >= 300) {
          exchange.status = error.response.status;
          exchange.body = error.response.data;
        }
        throw error;
      },
    },
  });
}

function isLoopback(url: string): boolean {
  return /^(?:127\..*|localhost|\[::1\])$/.test(new URL(url).hostname);
}

function withLimit(signal: AbortSignal | undefined, timeoutMs: number) {
  const limit = AbortSignal.timeout(timeoutMs);
  return { timeoutMs, signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) };
}

function wrongType(data: PromqlData, query: string, wanted: string): never {
  throw unusable(`the answer is a ${data.resultType} instead of ${wanted}`, query);
}

function unusable(what: string, query: string): HarnessError {
  return new HarnessError(`${what}.\nquery: ${query}`, {
    code: 'H_METRICS_QUERY_ANSWER',
    fix: 'Correct the query, or the URL of Prometheus, so that the answer is whole and of one kind.',
  });
}
