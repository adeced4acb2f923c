import { splitJsonArray } from '../json-array.ts';
import type { TokenClasses } from '../ledger.ts';
import { parseJson } from '../parse-json.ts';
import { type StreamEvent, splitEvents } from '../sse.ts';
import { type ErrorKind, kindOfError } from './error-kind.ts';
import { findUnknownFields } from './known-fields.ts';
import type { PayloadError, ProviderWire, ReadPayload } from './wire.ts';

/** An answer as it was on the wire, decompressed. */
export interface WireAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** Everything that an answer says to somebody who knows the provider. */
export interface ReadAnswer {
  readonly form: 'whole' | 'events' | 'array';
  readonly model: string | undefined;
  readonly usage: TokenClasses | undefined;
  readonly finishReason: string | undefined;
  readonly toolCalls: readonly string[];
  readonly contentEvents: number;
  /** The stream has come to its grammar's end; a whole answer always has. */
  readonly isComplete: boolean;
  /** Bytes after the last complete event. */
  readonly leftOverBytes: number;
  readonly error: ReadError | undefined;
  /** Fields that the wire module does not know; kept here, so that none is lost. */
  readonly unknownFields: readonly string[];
}

export interface ReadError extends PayloadError {
  readonly kind: ErrorKind;
  /** What the provider says about trying again; undefined when it says nothing. */
  readonly shouldRetry: boolean | undefined;
}

export function readAnswer(wire: ProviderWire, answer: WireAnswer): ReadAnswer {
  const { form, events } = cutAnswer(answer);
  const payloads = readPayloads(wire, events);
  const last = <T>(pick: (payload: ReadPayload) => T | undefined) =>
    payloads.map(pick).findLast((value) => value !== undefined);
  const said = last(({ error }) => error);
  return {
    form,
    model: last(({ model }) => model),
    usage: last(({ usage }) => usage),
    finishReason: last(({ finishReason }) => finishReason),
    toolCalls: payloads.flatMap(({ toolCalls }) => toolCalls),
    contentEvents: payloads.filter(({ isContent }) => form !== 'whole' && isContent).length,
    // Google may send one more chunk, with the usage alone, after the finish reason.
    isComplete: form === 'whole' || payloads.some(({ isEnd }) => isEnd),
    leftOverBytes: answer.bytes.length - (events.at(-1)?.end ?? 0),
    error: said !== undefined || answer.status >= 400 ? readError(wire, answer, said) : undefined,
    unknownFields: [
      ...new Set(events.flatMap(({ data }) => findUnknownFields(wire.fields, parseJson(data)))),
    ],
  };
}

/** A stream in its events, or an array in its elements; everything else is one piece. */
export function cutAnswer({ status, headers, bytes }: WireAnswer): {
  form: ReadAnswer['form'];
  events: StreamEvent[];
} {
  const start = head(bytes);
  const isNamed = headers['content-type']?.startsWith('text/event-stream') ?? false;
  const isEvents = EVENTS.test(start) || (isNamed && !JSON_START.test(start));
  // An error may carry the content type of a stream and be plain JSON.
  if (status === 200 && isEvents) {
    return { form: 'events', events: splitEvents(bytes) };
  }
  if (/^\s*\[/.test(start)) {
    return { form: 'array', events: splitJsonArray(bytes) };
  }
  return { form: 'whole', events: [{ data: bytes.toString(), end: bytes.length }] };
}

/** A comment is a line that starts with a colon; some proxies open a stream with one. */
const EVENTS = /^\s*(data|event|id|retry)?:/;
const JSON_START = /^\s*[[{]/;

function head(bytes: Buffer): string {
  return bytes.toString('latin1', 0, 16);
}

/** What each event says, with what the events before it said about usage. */
export function readPayloads(wire: ProviderWire, events: readonly StreamEvent[]): ReadPayload[] {
  let usage: TokenClasses | undefined;
  return events.map(({ data }) => {
    const payload = wire.readPayload(data, usage);
    usage = payload.usage ?? usage;
    return payload;
  });
}

const MESSAGE_CHARS_MAX = 500;

function readError(
  wire: ProviderWire,
  { status, headers, bytes }: WireAnswer,
  said: PayloadError | undefined,
): ReadError {
  // A proxy before the API answers in plain text or HTML: the status has to do.
  const message = said?.message ?? bytes.toString('utf8', 0, MESSAGE_CHARS_MAX);
  const codes = said?.codes ?? [];
  const shouldRetry = headers['x-should-retry'];
  return {
    kind: kindOfError(wire.errorKinds, { status, codes, message }),
    codes,
    message,
    retryAfterMs: said?.retryAfterMs ?? readRetryHeaders(headers),
    shouldRetry: shouldRetry === undefined ? undefined : shouldRetry === 'true',
  };
}

/** `retry-after` in seconds or as a date, and `retry-after-ms`, which is more exact. */
function readRetryHeaders(headers: WireAnswer['headers']): number | undefined {
  const exact = Number.parseFloat(headers['retry-after-ms'] ?? '');
  const hint = headers['retry-after'] ?? '';
  const delay = /^\d/.test(hint)
    ? Number.parseFloat(hint) * 1_000
    : Date.parse(hint) - Date.parse(headers['date'] ?? '');
  return [exact, delay].find((ms) => !Number.isNaN(ms));
}
