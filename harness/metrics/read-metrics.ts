import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Exposition } from './exposition.ts';
import { ExpositionError } from './exposition-error.ts';
import { parseExposition } from './parse-exposition.ts';
import { showUrl } from './show-url.ts';

const BODY_BYTES_MAX = 64 * 1024 * 1024;

export interface ReadMetricsOptions {
  signal?: AbortSignal | undefined;
  /** Limit for the whole answer, milliseconds; 5,000 when left out. */
  timeoutMs?: number;
  /** Sent along, e.g. an authorization. Never shown. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** One answer of /metrics: what it says, and what it took. */
export interface MetricsReading extends Exposition {
  readonly text: string;
  readonly bytes: number;
  /** From the request to the last byte, milliseconds. */
  readonly durationMs: number;
}

/**
 * Reads /metrics once, as Prometheus would. Throws ExpositionError (a finding) when the service
 * answers something that is no exposition, and HarnessError H_METRICS_UNREACHABLE when no whole
 * answer came.
 */
export async function readMetrics(
  url: string,
  { signal, timeoutMs = 5_000, headers }: ReadMetricsOptions = {},
): Promise<MetricsReading> {
  const timeLimit = AbortSignal.timeout(timeoutMs);
  const limit = signal === undefined ? timeLimit : AbortSignal.any([signal, timeLimit]);
  try {
    const { text, contentType, ...took } = await fetchText(url, { signal: limit, headers });
    return { ...parseExposition(text, { contentType }), text, ...took };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ExpositionError) {
      throw new ExpositionError(`${showUrl(url)}: ${error.message}`, { cause: error });
    }
    const why = timeLimit.aborted ? `no whole answer within ${timeoutMs} ms` : reasonOf(error);
    throw new HarnessError(`${showUrl(url)} could not be read: ${why}.`, {
      code: 'H_METRICS_UNREACHABLE',
      fix: 'See that the service runs and that this is the URL of its metrics.',
      cause: error,
    });
  }
}

async function fetchText(
  url: string,
  { signal, headers }: Pick<ReadMetricsOptions, 'signal' | 'headers'>,
): Promise<Pick<MetricsReading, 'text' | 'bytes' | 'durationMs'> & { contentType: string }> {
  const startedAtMs = performance.now();
  const { target, authorization } = takeCredentials(url);
  const response = await fetch(target, {
    ...(signal && { signal }),
    // A kept connection would break when the service restarts between two readings.
    headers: {
      accept: 'text/plain;version=0.0.4',
      connection: 'close',
      ...authorization,
      ...headers,
    },
  });
  const body = await readBody(response);
  const durationMs = performance.now() - startedAtMs;
  if (response.status !== 200) {
    throw new ExpositionError(`answered HTTP ${response.status}, where Prometheus needs 200`);
  }
  const contentType = response.headers.get('content-type');
  if (contentType === null) {
    throw new ExpositionError('sends no content type, without which Prometheus 3 does not scrape');
  }
  return { text: decode(body), contentType, bytes: body.byteLength, durationMs };
}

/** fetch refuses a URL with credentials, and quotes it: they travel in a header instead. */
function takeCredentials(url: string): { target: URL; authorization: Record<string, string> } {
  const target = new URL(url);
  const { username, password } = target;
  if (username === '' && password === '') return { target, authorization: {} };
  target.username = '';
  target.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { target, authorization: { authorization: `Basic ${btoa(pair)}` } };
}

async function readBody(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) {
      throw new ExpositionError(`sends more than ${BODY_BYTES_MAX} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (error) {
    throw new ExpositionError('sends bytes that are no UTF-8', { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says only "fetch failed" or "terminated"; the socket's reason is underneath.
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
