import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SourceUnavailable } from './prometheus-source.ts';

const ANSWER_TIMEOUT_MS = 5_000;
const TEXT_TIMEOUT_MS = 10_000;
const STALL_TIMEOUT_MS = 20_000;
const TEXT_CHARS_MAX = 100_000;
const FILE_BYTES_MAX = 400 * 2 ** 20;
const PROGRESS_STEP_PERCENT = 10;

/** A small text file, within 10 s. Throws SourceUnavailable. */
export async function readText(url: string, signal?: AbortSignal): Promise<string> {
  const limit = AbortSignal.timeout(TEXT_TIMEOUT_MS);
  const response = await open(url, signal ? AbortSignal.any([signal, limit]) : limit);
  try {
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.length > TEXT_CHARS_MAX) throw new Error(`longer than ${TEXT_CHARS_MAX} characters`);
    }
    return text;
  } catch (error) {
    signal?.throwIfAborted();
    throw new SourceUnavailable(`${url} could not be read: ${reasonOf(error)}`, { cause: error });
  }
}

export interface DownloadOptions {
  url: string;
  path: string;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** Writes the file to `path` and returns its SHA-256 in hex. Throws SourceUnavailable. */
export async function download(options: DownloadOptions): Promise<string> {
  const { url, path, progress, signal } = options;
  const stalled = new AbortController();
  const response = await open(url, AbortSignal.any([stalled.signal, ...(signal ? [signal] : [])]));
  if (response.body === null) throw new SourceUnavailable(`${url} is empty`);
  const bytesTotal = Number(response.headers.get('content-length') ?? Number.NaN);
  const hash = createHash('sha256');
  const timer = setTimeout(() => stalled.abort(), STALL_TIMEOUT_MS);
  const report = reportProgress(bytesTotal, progress);
  let bytes = 0;
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      timer.refresh();
      bytes += chunk.byteLength;
      hash.update(chunk);
      report(bytes);
      const isTooLong = bytes > FILE_BYTES_MAX;
      done(isTooLong ? new SourceUnavailable(`${url} is longer than 400 MB`) : null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(path));
  } catch (error) {
    signal?.throwIfAborted();
    // What the disk refused is not the server's fault.
    if (error instanceof SourceUnavailable || isFileError(error)) throw error;
    const reason = stalled.signal.aborted
      ? `no data for ${STALL_TIMEOUT_MS / 1_000} s`
      : reasonOf(error);
    throw new SourceUnavailable(`${url} broke off after ${bytes} bytes: ${reason}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
  return hash.digest('hex');
}

/** The answer's head within 5 s, so that an unreachable server costs no more than that. */
async function open(url: string, signal?: AbortSignal): Promise<Response> {
  const head = new AbortController();
  const timer = setTimeout(() => head.abort(), ANSWER_TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      signal: signal ? AbortSignal.any([signal, head.signal]) : head.signal,
      redirect: 'follow',
    });
    if (response.ok) return response;
    await response.body?.cancel();
    throw new SourceUnavailable(`${url} answered ${response.status}`);
  } catch (error) {
    if (error instanceof SourceUnavailable) throw error;
    signal?.throwIfAborted();
    const reason = head.signal.aborted
      ? `no answer within ${ANSWER_TIMEOUT_MS / 1_000} s`
      : reasonOf(error);
    throw new SourceUnavailable(`${url} cannot be reached: ${reason}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function reportProgress(bytesTotal: number, progress: (line: string) => void) {
  let shownPercent = 0;
  return (bytes: number): void => {
    const percent = Math.floor((100 * bytes) / bytesTotal);
    if (!(percent >= shownPercent + PROGRESS_STEP_PERCENT)) return;
    shownPercent = percent;
    progress(`Prometheus: ${percent} % of ${Math.ceil(bytesTotal / 2 ** 20)} MB`);
  };
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && /^(write|open)$/.test(`${error.syscall}`);
}

/** Node's fetch says "fetch failed" and puts the reason into the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(', ');
  return cause instanceof Error ? cause.message : error.message;
}
