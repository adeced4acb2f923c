import type { CassetteDocument, Chunk, RecordedRequest } from './format.ts';
import type { Provider } from './provider.ts';

/** A cassette in memory, checked, with the bytes of its answers. */
export interface Cassette {
  /** `<provider>/<case>`, e.g. "openai/chat-stream". */
  readonly id: string;
  readonly provider: Provider;
  readonly provenance: CassetteDocument['provenance'];
  /** See FORMAT, which it is when left out. */
  readonly format?: number;
  /** The day from which it is stale, as "2026-11-22". */
  readonly expires?: string;
  /** true: may be replayed any number of times; false: each interaction once. */
  readonly repeat: boolean;
  /** Places of the request body that do not take part in matching, e.g. "body.user". */
  readonly volatile: readonly string[];
  readonly interactions: readonly Interaction[];
}

export interface Interaction {
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
}

export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** Where each chunk starts and when it was sent; undefined when the answer came in one piece. */
  readonly chunks: readonly Chunk[] | undefined;
}
