import type { ProviderCall, TokenClasses } from './ledger.ts';

/** One answer as it goes over the wire, whoever made it. */
export type Answer = WholeAnswer | StreamAnswer;

interface AnswerHead {
  readonly status: number;
  /** Names and values in turn: node:http takes such a list without copying it. */
  readonly headers: readonly string[];
  /** The model named in the answer; undefined when it names none. */
  readonly modelServed: string | undefined;
  /** What is wrong with an answer of status 200, as in the ledger. */
  readonly flaw?: ProviderCall['flaw'];
}

export interface WholeAnswer extends AnswerHead {
  readonly kind: 'whole';
  readonly body: Buffer;
  readonly usage: TokenClasses | undefined;
  /** Pictures in the body. */
  readonly images: number;
}

export interface StreamAnswer extends AnswerHead {
  readonly kind: 'stream';
  readonly parts: Iterable<AnswerPart>;
  /** true: the connection is broken off after the last part. */
  readonly isCut?: boolean;
}

/** An answer with this body; its length is added to the headers. */
export function createWholeAnswer(
  body: string,
  { headers, ...head }: { status: number; headers: readonly string[] } & Partial<WholeAnswer>,
): WholeAnswer {
  const nothing = { modelServed: undefined, usage: undefined, images: 0 };
  const bytes = Buffer.from(body);
  return withBody({ kind: 'whole', ...nothing, ...head, headers, body: bytes }, bytes);
}

/** The same answer with other bytes, and their length in its headers. */
export function withBody(answer: WholeAnswer, body: Buffer): WholeAnswer {
  const headers = setHeader(answer.headers, 'content-length', String(body.length));
  return { ...answer, headers, body };
}

/** A list of headers with this one in place of what it had before. */
export function setHeader(headers: readonly string[], name: string, value: string): string[] {
  const others = headers.filter((_, index) => headers[index - (index % 2)] !== name);
  return [...others, name, value];
}

/** What is handed to the connection in one write, and becomes one chunk of the body. */
export interface AnswerPart {
  readonly bytes: Buffer;
  /** Not before this many milliseconds after the head was sent; 0 for at once. */
  readonly atMs: number;
  /** Content events that are complete with this part. */
  readonly contentEvents: number;
  /** Pictures that are complete with this part. */
  readonly images: number;
  /** The usage object that is complete with this part. */
  readonly usage: TokenClasses | undefined;
  /** false: what is billed so far, and more will come. */
  readonly isUsageFinal: boolean;
}

/** A part that is sent at once and says nothing besides. */
export function createPart(bytes: Buffer, says: Partial<AnswerPart> = {}): AnswerPart {
  const nothing = { contentEvents: 0, images: 0, usage: undefined, isUsageFinal: false };
  return { bytes, atMs: 0, ...nothing, ...says };
}
