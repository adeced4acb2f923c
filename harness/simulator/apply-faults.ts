import { gzipSync } from 'node:zlib';

import {
  type Answer,
  type AnswerPart,
  createPart,
  setHeader,
  type WholeAnswer,
  withBody,
} from './answer.ts';
import type { AnswerContext, ProviderRequest, ProviderWire } from './providers/wire.ts';
import type { ProviderScript } from './script.ts';
import { splitEvents } from './sse.ts';

/** Whose answer to what is made faulty. */
export interface Asked {
  readonly wire: ProviderWire;
  readonly request: ProviderRequest;
  readonly context: AnswerContext;
}

/** The answer with what the script puts wrong in it; when and how it is sent is not decided here. */
export function applyFaults(answer: Answer, script: ProviderScript, asked: Asked): Answer {
  const { contentType, isGzipped } = script;
  const faulty: Answer =
    answer.kind === 'stream'
      ? { ...answer, parts: faultyParts(answer.parts, script, asked) }
      : faultyWhole(answer, script, asked);
  const named =
    contentType === undefined
      ? faulty
      : { ...faulty, headers: setHeader(faulty.headers, 'content-type', contentType) };
  return isGzipped === true ? compress(named) : named;
}

function faultyWhole(answer: WholeAnswer, script: ProviderScript, asked: Asked): WholeAnswer {
  const { wire, request, context } = asked;
  if (script.errorAfterContentEvents !== undefined) {
    const error = script.errorInside ?? wire.errorInside;
    return { ...wire.answerError(error, request, context), status: 200 };
  }
  return script.malformedAfterContentEvents === undefined
    ? answer
    : { ...withBody(answer, breakJson(answer.body)), usage: undefined, images: 0 };
}

function faultyParts(
  parts: Iterable<AnswerPart>,
  script: ProviderScript,
  { wire, request, context }: Asked,
): Iterable<AnswerPart> {
  const { errorAfterContentEvents, malformedAfterContentEvents, omits = [] } = script;
  let faulty = omits.length > 0 ? omit(parts, wire, omits) : parts;
  if (malformedAfterContentEvents !== undefined) {
    faulty = breakOne(faulty, malformedAfterContentEvents);
  }
  if (errorAfterContentEvents !== undefined) {
    const error = script.errorInside ?? wire.errorInside;
    const isFirst = errorAfterContentEvents === 0;
    const rest = wire.errorParts(error, { request, context, isFirst });
    faulty = replaceRest(faulty, errorAfterContentEvents, rest);
  }
  return faulty;
}

/** Leaves out what the provider's own grammar reads as the finish reason, or as the end. */
function* omit(
  parts: Iterable<AnswerPart>,
  wire: ProviderWire,
  omits: readonly string[],
): Generator<AnswerPart> {
  for (const part of parts) {
    const { finishReason, isEnd } = wire.readPayload(dataOf(part));
    const isFinish = omits.includes('finish') && finishReason !== undefined;
    if (!isFinish && !(omits.includes('end') && isEnd)) {
      yield part;
    }
  }
}

/** An event's data, or the element of an array without what joins it to the others. */
function dataOf({ bytes }: AnswerPart): string {
  return splitEvents(bytes)[0]?.data ?? bytes.toString().replace(/^[[,\s]+|[\]\s]+$/g, '');
}

function* breakOne(parts: Iterable<AnswerPart>, after: number): Generator<AnswerPart> {
  let sent = 0;
  let isDue = true;
  for (const part of parts) {
    const isBroken: boolean = isDue && sent >= after;
    isDue = isDue && !isBroken;
    sent += part.contentEvents;
    yield isBroken ? createPart(breakJson(part.bytes), { atMs: part.atMs }) : part;
  }
}

/** Without its last brackets, JSON is none; the line ends after it stay. */
function breakJson(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString().replace(/.{1,3}(\s*)$/, '$1'));
}

function* replaceRest(
  parts: Iterable<AnswerPart>,
  after: number,
  rest: Iterable<AnswerPart>,
): Generator<AnswerPart> {
  let sent = 0;
  for (const part of parts) {
    if (sent >= after) {
      break;
    }
    sent += part.contentEvents;
    yield part;
  }
  yield* rest;
}

function compress(answer: Answer): Answer {
  const headers = setHeader(answer.headers, 'content-encoding', 'gzip');
  return answer.kind === 'stream'
    ? { ...answer, headers, parts: compressParts(answer.parts) }
    : withBody({ ...answer, headers }, gzipSync(answer.body));
}

/** Each part is a gzip member of its own: together they are one gzip body, and none waits. */
function* compressParts(parts: Iterable<AnswerPart>): Generator<AnswerPart> {
  for (const part of parts) {
    yield { ...part, bytes: gzipSync(part.bytes) };
  }
}
