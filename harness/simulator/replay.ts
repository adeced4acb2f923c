import type { RecordedResponse } from '#harness/cassettes/cassette.ts';
import { CONNECTION_HEADERS } from '#harness/cassettes/connection-headers.ts';
import type { Chunk } from '#harness/cassettes/format.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Answer, AnswerPart } from './answer.ts';
import { cutAnswer, readPayloads } from './providers/read-answer.ts';
import { NO_PAYLOAD, type ProviderWire, type ReadPayload } from './providers/wire.ts';
import type { VerbatimAnswer } from './script.ts';
import { type Split, splitChunks } from './split.ts';
import type { StreamEvent } from './sse.ts';

/** A recorded answer as it is played, and what is wrong with the recording. */
export interface Replay {
  readonly answer: Answer;
  readonly findings: readonly Finding[];
}

/** Prepares one recorded answer once, so that replaying it costs no parsing. */
export function prepareReplay(
  wire: ProviderWire,
  cassetteId: string,
  response: RecordedResponse,
): Replay {
  const { status, bytes } = response;
  if (bytes.length === 0) {
    const message = `The cassette "${cassetteId}" holds an answer without a single byte: replaying it proves nothing.`;
    return replay(wholeAnswer(wire, response), [emptyFinding(message)]);
  }
  const cut = cutAnswer(response);
  if (cut.form === 'whole' || status !== 200) {
    return replay(wholeAnswer(wire, response), []);
  }
  const events = readEvents(wire, cut.events);
  const answer: Answer = {
    kind: 'stream',
    status,
    headers: replayHeaders(response),
    modelServed: events.find(({ payload }) => payload.model !== undefined)?.payload.model,
    flaw: flawOf(events),
    parts: cutIntoParts(response, events),
  };
  return replay(answer, checkGrammar(cassetteId, bytes, events));
}

/** How a recorded stream is played differently from how it was recorded. */
export interface ReplayChange {
  readonly split?: Split;
  /** Only so many events, then the connection is broken off; all of them when left out. */
  readonly cutAfterEvents?: number;
}

/** A recorded answer in other chunks, or a part of it. An answer of one piece stays as it is. */
export function prepareChanged(
  wire: ProviderWire,
  response: RecordedResponse,
  { split = 'as-recorded', cutAfterEvents }: ReplayChange,
): Answer {
  const ends = cutAnswer(response).events.map(({ end }) => end);
  const length = cutAfterEvents === undefined ? undefined : (ends[cutAfterEvents - 1] ?? 0);
  const bytes = response.bytes.subarray(0, length);
  const chunks = splitChunks(split, response, ends).filter(([start]) => start < bytes.length);
  const { answer } = prepareReplay(wire, 'script', { ...response, bytes, chunks });
  return answer.kind === 'stream' ? { ...answer, isCut: length !== undefined } : answer;
}

/** A scripted answer as it stands there: a stream is played event by event. */
export function prepareVerbatim(
  wire: ProviderWire,
  { status, headers, body }: VerbatimAnswer,
): Answer {
  const recorded = { status, headers, bytes: Buffer.from(body), chunks: undefined };
  const { events } = cutAnswer(recorded);
  const ends = events.slice(0, -1).map(({ end }): Chunk => [end, 0]);
  return prepareReplay(wire, 'script', { ...recorded, chunks: [[0, 0], ...ends] }).answer;
}

export function emptyFinding(message: string): Finding {
  const fix = 'Record the case again; an empty recording may never pass for a green one.';
  return { check: 'cassettes/empty', message, fix };
}

interface ReadEvent {
  readonly end: number;
  readonly payload: ReadPayload;
}

function readEvents(wire: ProviderWire, events: readonly StreamEvent[]): ReadEvent[] {
  const payloads = readPayloads(wire, events);
  return events.map(({ end }, index) => ({ end, payload: payloads[index] ?? NO_PAYLOAD }));
}

function replay(answer: Answer, findings: readonly Finding[]): Replay {
  return { answer, findings };
}

function wholeAnswer(wire: ProviderWire, response: RecordedResponse): Answer {
  const { status, bytes } = response;
  const { model, usage, images, error } = wire.readPayload(bytes.toString());
  const headers = [...replayHeaders(response), 'content-length', String(bytes.length)];
  const flaw = error === undefined ? undefined : 'error';
  return { kind: 'whole', status, headers, modelServed: model, flaw, body: bytes, usage, images };
}

function flawOf(events: readonly ReadEvent[]): Answer['flaw'] {
  if (events.some(({ payload }) => payload.error !== undefined)) return 'error';
  return events.some(({ payload }) => payload.isEnd) ? undefined : 'unfinished';
}

function replayHeaders({ headers }: RecordedResponse): string[] {
  return Object.entries(headers)
    .filter(([name]) => !CONNECTION_HEADERS.has(name))
    .flat();
}

/** One part per recorded chunk; an event counts with the chunk that completes it. */
function cutIntoParts(response: RecordedResponse, events: readonly ReadEvent[]): AnswerPart[] {
  const chunks = response.chunks ?? [[0, 0] as const];
  return chunks.map(([start, atMs], index) => {
    const end = chunks[index + 1]?.[0] ?? response.bytes.length;
    const complete = events.filter((event) => event.end > start && event.end <= end);
    const reported = complete.findLast(({ payload }) => payload.usage !== undefined)?.payload;
    return {
      bytes: response.bytes.subarray(start, end),
      atMs,
      contentEvents: complete.filter(({ payload }) => payload.isContent).length,
      images: complete.reduce((sum, { payload }) => sum + payload.images, 0),
      usage: reported?.usage,
      isUsageFinal: reported?.isUsageFinal ?? false,
    };
  });
}

function checkGrammar(cassetteId: string, bytes: Buffer, events: readonly ReadEvent[]): Finding[] {
  const fix = 'Record the case again, or declare the fault with a script instead of a recording.';
  const leftOver = bytes.length - (events.at(-1)?.end ?? 0);
  if (leftOver > 0) {
    const message = `The stream of the cassette "${cassetteId}" ends inside an event: its last ${leftOver} bytes have no blank line after them.`;
    return [{ check: 'cassettes/stream_without_end', message, fix }];
  }
  if (!events.some(({ payload }) => payload.isEnd)) {
    const message = `The stream of the cassette "${cassetteId}" has ${events.length} events, and none of them is the end of its grammar.`;
    return [{ check: 'cassettes/stream_without_end', message, fix }];
  }
  return [];
}
