import { type AnswerPart, createPart } from '../../answer.ts';
import { tokenAt } from '../../made-up.ts';
import { type Completion, writeResponse } from './completion.ts';
import type { AnswerForm } from './form.ts';

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

/** CRLF at every line end, no name, and nothing after the last event. */
function frameEvent(chunk: object): string {
  return `data: ${spacedJson(chunk)}\r\n\r\n`;
}

/** One array, whose elements come one by one. */
function createArrayFramer(): (chunk: object, isLast: boolean) => string {
  let before = '[';
  return (chunk, isLast) => {
    const framed = `${before}${JSON.stringify(chunk, undefined, 2)}\n${isLast ? ']' : ''}`;
    before = ',\r\n';
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
