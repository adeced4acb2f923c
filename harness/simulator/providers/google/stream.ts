import { type AnswerPart, createPart } from '../../answer.ts';
import { tokenAt } from '../../made-up.ts';
import type { ErrorPlace } from '../wire.ts';
import { type Completion, writeResponse } from './completion.ts';
import { type AnswerForm, readForm } from './form.ts';

/**
 * The chunks of a generated stream, made as they are sent: one token each, and a last one without
 * text that has the finish reason, and the pictures. Every chunk says the usage so far.
 */
export function* streamParts(completion: Completion, form: AnswerForm): Generator<AnswerPart> {
  const { tokens, images, sendsUsage } = completion;
  const frame = form.framing === 'sse' ? frameEvent : createArrayFramer();
  for (let index = 0; index <= tokens.output; index += 1) {
    const isLast = index === tokens.output;
    const soFar = isLast ? tokens : { ...tokens, output: index + 1 };
    const said = isLast ? { text: '', images } : { text: tokenAt(index), images: 0 };
    const chunk = writeResponse(completion, { ...said, isLast, tokens: soFar }, form);
    yield createPart(Buffer.from(frame(chunk, isLast)), {
      contentEvents: isLast && images === 0 ? 0 : 1,
      images: said.images,
      usage: sendsUsage ? soFar : undefined,
      isUsageFinal: sendsUsage && isLast,
    });
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
