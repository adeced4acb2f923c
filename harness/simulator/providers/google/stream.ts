import { type AnswerPart, createPart } from '../../answer.ts';
import { dealPieces } from '../plan-completion.ts';
import type { ErrorPlace } from '../wire.ts';
import {
  type Candidate,
  type Completion,
  callParts,
  pictureParts,
  writeResponse,
} from './completion.ts';
import { type AnswerForm, readForm } from './form.ts';

/**
 * The chunks of a generated stream, made as they are sent: one token or tool call each, and a last
 * one without text that has the finish reason, and the pictures. Every chunk says the usage so far.
 */
export function* streamParts(completion: Completion, form: AnswerForm): Generator<AnswerPart> {
  const { tokens, images, choices, sendsUsage } = completion;
  const frame = form.framing === 'sse' ? frameEvent : createArrayFramer();
  let sent = 0;
  for (const candidate of contentOf(completion)) {
    sent += 1;
    const soFar = { ...tokens, output: sent };
    const chunk = writeResponse(completion, { candidates: [candidate], tokens: soFar }, form);
    const usage = sendsUsage ? soFar : undefined;
    yield createPart(Buffer.from(frame(chunk, false)), { contentEvents: 1, usage });
  }
  const candidates = choices.map((_, index) => {
    const pictures = index === 0 ? pictureParts(completion) : [];
    return { index, parts: [{ text: '' }, ...pictures], isLast: true };
  });
  const last = writeResponse(completion, { candidates, tokens }, form);
  yield createPart(Buffer.from(frame(last, true)), {
    contentEvents: images > 0 ? 1 : 0,
    images,
    usage: sendsUsage ? tokens : undefined,
    isUsageFinal: sendsUsage,
  });
}

/** The text of the choices in turn, and then the tool calls, which come whole. */
function* contentOf(completion: Completion): Generator<Candidate> {
  for (const { index, text } of dealPieces(completion)) {
    yield { index, parts: [{ text }], isLast: false };
  }
  for (const part of callParts(completion)) {
    yield { index: 0, parts: [part], isLast: false };
  }
}

/** An error as one more chunk: after it the stream just ends. */
export function errorPart(error: object, { request, isFirst }: ErrorPlace): AnswerPart {
  const text =
    readForm(request).framing === 'sse'
      ? frameEvent({ error })
      : `${isFirst ? '[' : BETWEEN}${JSON.stringify({ error }, undefined, 2)}\n]`;
  return createPart(Buffer.from(text));
}

/** CRLF at every line end, no name, and nothing after the last event. */
function frameEvent(chunk: object): string {
  return `data: ${spacedJson(chunk)}\r\n\r\n`;
}

/** Before every element of an array but the first. */
const BETWEEN = ',\r\n';

/** One array, whose elements come one by one. */
function createArrayFramer(): (chunk: object, isLast: boolean) => string {
  let before = '[';
  return (chunk, isLast) => {
    const framed = `${before}${JSON.stringify(chunk, undefined, 2)}\n${isLast ? ']' : ''}`;
    before = BETWEEN;
    return framed;
  };
}

/** JSON as this provider writes it into events: a space after a colon, none after a comma. */
function spacedJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(spacedJson).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, member]) => `${JSON.stringify(key)}: ${spacedJson(member)}`,
    );
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}
