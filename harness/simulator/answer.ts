import type { TokenClasses } from './ledger.ts';

/** One answer as it goes over the wire, whoever made it. */
export type Answer = WholeAnswer | StreamAnswer;

interface AnswerHead {
  readonly status: number;
  /** Names and values in turn: node:http takes such a list without copying it. */
  readonly headers: readonly string[];
  /** The model named in the answer; undefined when it names none. */
  readonly modelServed: string | undefined;
}

export interface WholeAnswer extends AnswerHead {
  readonly kind: 'whole';
  readonly body: Buffer;
  readonly usage: TokenClasses | undefined;
}

export interface StreamAnswer extends AnswerHead {
  readonly kind: 'stream';
  readonly parts: Iterable<AnswerPart>;
}

/** An answer with this body; its length is added to the headers. */
export function createWholeAnswer(
  body: string,
  { headers, ...head }: { status: number; headers: readonly string[] } & Partial<WholeAnswer>,
): WholeAnswer {
  const bytes = Buffer.from(body);
  const sized = [...headers, 'content-length', String(bytes.length)];
  return {
    kind: 'whole',
    modelServed: undefined,
    usage: undefined,
    ...head,
    headers: sized,
    body: bytes,
  };
}

/** What is handed to the connection in one write, and becomes one chunk of the body. */
export interface AnswerPart {
  readonly bytes: Buffer;
  /** Not before this many milliseconds after the head was sent; 0 for at once. */
  readonly atMs: number;
  /** Content events that are complete with this part. */
  readonly contentEvents: number;
  /** The usage object that is complete with this part. */
  readonly usage: TokenClasses | undefined;
}
