import {
  type Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { RecordedResponse } from '#harness/cassettes/cassette.ts';
import type { Chunk } from '#harness/cassettes/format.ts';
import type { Exchange } from '#harness/simulator/exchange.ts';
import { decompress } from './decompress.ts';

/** The call that is handed on. */
interface Outgoing {
  url: URL;
  method: string;
  headers: IncomingHttpHeaders;
  agent: Agent;
  body: Buffer;
}

interface TeeOptions {
  /** See keyOnTheWay(). */
  swap: (text: string) => string;
  /** The provider broke off, or was not there. */
  onUnreachable: (cause: string) => void;
}

/** A provider that says nothing for so long has gone. */
const SILENCE_MS = 120_000;

/**
 * Hands a call on and its answer back, chunk by chunk as it comes. A client that leaves ends the
 * call upstream too. What it returns reads the copy, so far as the answer has come.
 */
export function tee(
  { exchange, response }: { exchange: Exchange; response: ServerResponse },
  { url, method, headers, agent, body }: Outgoing,
  { swap, onUnreachable }: TeeOptions,
): () => RecordedResponse | undefined {
  const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
  let copy: AnswerCopy | undefined;
  const breakOff = (cause: unknown): void => {
    if (exchange.hasEnded) return;
    onUnreachable(String(cause));
    exchange.cut();
  };
  const sent = send(url, { method, agent, headers: upstreamHeaders(headers, body, swap) });
  sent.setTimeout(SILENCE_MS, () => sent.destroy(new Error(`silent for ${SILENCE_MS} ms`)));
  sent.once('error', breakOff);
  sent.once('response', (upstream) => {
    copy = new AnswerCopy(upstream);
    const status = upstream.statusCode ?? 502;
    exchange.sendHead({ status, headers: ownHeaders(upstream.rawHeaders), modelServed: undefined });
    pipe(upstream, response, (chunk) => copy?.add(chunk));
    upstream.once('error', breakOff);
    upstream.once('end', () => exchange.finish());
  });
  response.once('close', () => sent.destroy());
  sent.end(body);
  return () => copy?.read();
}

/** Events, not an iterator: that one would join chunks that wait. */
function pipe(
  upstream: IncomingMessage,
  response: ServerResponse,
  onChunk: (chunk: Buffer) => void,
): void {
  upstream.on('data', (chunk: Buffer) => {
    if (!response.write(chunk)) {
      upstream.pause();
      response.once('drain', () => upstream.resume());
    }
    onChunk(chunk);
  });
}

class AnswerCopy {
  readonly #upstream: IncomingMessage;
  readonly #pieces: Buffer[] = [];
  readonly #chunks: Chunk[] = [];
  readonly #startedAtMs = performance.now();
  #size = 0;

  constructor(upstream: IncomingMessage) {
    this.#upstream = upstream;
  }

  add(piece: Buffer): void {
    const atMs = Math.round((performance.now() - this.#startedAtMs) * 100) / 100;
    this.#chunks.push([this.#size, atMs]);
    this.#pieces.push(piece);
    this.#size += piece.length;
  }

  read(): RecordedResponse {
    const { statusCode = 502, headers } = this.#upstream;
    const encoding = headers['content-encoding'];
    const bytes = Buffer.concat(this.#pieces);
    const isPlain = encoding === undefined || encoding === 'identity';
    return {
      status: statusCode,
      headers: joinedHeaders(headers),
      bytes: isPlain ? bytes : decompress(bytes, encoding),
      chunks: isPlain ? this.#chunks : undefined,
    };
  }
}

function joinedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value = '']) => [name, String(value)]),
  );
}

/** These belong to one connection; the other one has its own. */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host']);

/** Uncompressed, so that a chunk is a chunk. */
function upstreamHeaders(
  headers: IncomingHttpHeaders,
  body: Buffer,
  swap: (text: string) => string,
): OutgoingHttpHeaders {
  const own = Object.entries(headers)
    .filter(([name]) => !CONNECTION_HEADERS.has(name))
    .map(([name, value = '']) => [name, Array.isArray(value) ? value.map(swap) : swap(value)]);
  return {
    ...Object.fromEntries(own),
    'accept-encoding': 'identity',
    ...(body.length > 0 && { 'content-length': body.length }),
  };
}

/** Names and values in turn. */
function ownHeaders(raw: readonly string[]): string[] {
  return raw.filter((_, index) => {
    const name = raw[index - (index % 2)] ?? '';
    return !CONNECTION_HEADERS.has(name.toLowerCase());
  });
}
