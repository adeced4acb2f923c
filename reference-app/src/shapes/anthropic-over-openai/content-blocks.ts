import type { JsonObject } from '../json-object.ts';

/** A piece of what the model writes; the first one of a tool call brings its id and name. */
export type Piece =
  | { readonly kind: 'thinking' | 'text'; readonly text: string }
  | {
      readonly kind: 'tool';
      /** Which of several calls it belongs to. */
      readonly index: unknown;
      readonly id: unknown;
      readonly name: unknown;
      readonly text: string;
    };

/**
 * Makes Anthropic's content blocks of pieces. Blocks follow one another, while OpenAI may go back
 * and forth between several tool calls. So once a call is open, whatever does not belong to it waits
 * until close(): what a client can do nothing with before is late, and nothing is lost.
 */
export class ContentBlocks {
  #index = -1;
  #open: Piece | undefined;
  #waiting: Piece[] = [];

  add(piece: Piece): readonly JsonObject[] {
    if (this.#open === undefined) return this.#start(piece);
    if (isSameBlock(this.#open, piece)) return this.#write(piece);
    if (this.#open.kind !== 'tool') return [...this.#stop(), ...this.#start(piece)];
    this.#waiting.push(piece);
    return [];
  }

  /** Ends the open block, and writes what has waited for that, call by call. */
  close(): readonly JsonObject[] {
    const events = [...this.#stop()];
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const opener = first;
      const pieces = this.#waiting.filter((piece) => isSameBlock(opener, piece));
      this.#waiting = this.#waiting.filter((piece) => !isSameBlock(opener, piece));
      events.push(...this.#start(opener));
      events.push(...pieces.slice(1).flatMap((piece) => this.#write(piece)));
      events.push(...this.#stop());
    }
    return events;
  }

  #start(piece: Piece): readonly JsonObject[] {
    this.#index += 1;
    this.#open = piece;
    const content_block = emptyBlock(piece);
    const start = { type: 'content_block_start', index: this.#index, content_block };
    return [start, ...this.#write(piece)];
  }

  #write(piece: Piece): readonly JsonObject[] {
    if (piece.text === '') return [];
    return [{ type: 'content_block_delta', index: this.#index, delta: toDelta(piece) }];
  }

  #stop(): readonly JsonObject[] {
    if (this.#open === undefined) return [];
    this.#open = undefined;
    return [{ type: 'content_block_stop', index: this.#index }];
  }
}

function isSameBlock(open: Piece, piece: Piece): boolean {
  if (open.kind !== piece.kind) return false;
  return open.kind !== 'tool' || piece.kind !== 'tool' || open.index === piece.index;
}

function emptyBlock(piece: Piece): JsonObject {
  switch (piece.kind) {
    case 'text':
      return { type: 'text', text: '' };
    case 'thinking':
      // Nobody has signed it: it is for reading, not for sending back.
      return { type: 'thinking', thinking: '', signature: '' };
    case 'tool':
      return { type: 'tool_use', id: piece.id, name: piece.name, input: {} };
  }
}

function toDelta({ kind, text }: Piece): JsonObject {
  switch (kind) {
    case 'text':
      return { type: 'text_delta', text };
    case 'thinking':
      return { type: 'thinking_delta', thinking: text };
    case 'tool':
      return { type: 'input_json_delta', partial_json: text };
  }
}
