import { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';

/** What Prometheus itself says of a query it refuses. */
const refusal = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });
/** What prometheus-query throws: a plain object, no Error. */
const driverError = z.object({ error: z.string(), original: z.unknown().optional() });

/** What went over the wire, seen before prometheus-query interprets it. */
export interface Exchange {
  status?: number;
  body?: unknown;
}

export interface FailedQuery {
  query: string;
  shownUrl: string;
  timeoutMs: number;
  exchange: Exchange;
  error: unknown;
  /** Whether the time limit ended the query. */
  isLate: boolean;
}

/** Somebody else's limit: the query is fine, and may be answered later. */
const TOO_MANY = 429;

/** Turns a failed query into a HarnessError that tells "refused" from "away". */
export function queryError(failed: FailedQuery): HarnessError {
  const { query, shownUrl, exchange, error } = failed;
  const said = refusal.safeParse(exchange.body);
  const { status } = exchange;
  if (said.success && status !== undefined && status < 500 && status !== TOO_MANY) {
    const { errorType, error: message } = said.data;
    return new HarnessError(
      `Prometheus refused a query: HTTP ${status}, ${errorType}: ${message}\nquery: ${query}`,
      { code: 'H_METRICS_QUERY_REFUSED', fix: 'Correct the query where the message points.' },
    );
  }
  const why = said.success ? `HTTP ${status}, ${said.data.error}` : reasonOf(failed);
  return new HarnessError(`Prometheus at ${shownUrl} gave no answer: ${why}.\nquery: ${query}`, {
    code: 'H_METRICS_PROMETHEUS_AWAY',
    fix: 'See that Prometheus runs, and that its URL and headers are right.',
    cause: causeOf(error),
  });
}

function reasonOf({ exchange, error, isLate, timeoutMs }: FailedQuery): string {
  if (exchange.status !== undefined)
    return `HTTP ${exchange.status}, which is no answer of its API`;
  if (isLate) return `nothing within ${timeoutMs} ms`;
  const thrown = driverError.safeParse(error);
  return thrown.success ? thrown.data.error : String(error);
}

/** The code of the socket's error only: axios' own error holds the request with its headers. */
function causeOf(error: unknown): Error | undefined {
  const thrown = driverError.safeParse(error);
  return thrown.success ? new Error(thrown.data.error) : undefined;
}
