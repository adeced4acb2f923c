import { join } from 'node:path';
import type { Cassette } from '#harness/cassettes/cassette.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';

export const KINDS = ['json', 'stream'] as const;
export type Kind = (typeof KINDS)[number];

const IDS: Readonly<Record<Kind, string>> = { json: 'openai/chat', stream: 'openai/chat-stream' };
const CASSETTES = join(import.meta.dirname, '../../../fixtures/cassettes');

/** The same short exchange for every subject: what is sent, and what must come back. */
export interface RecordedExchange {
  readonly kind: Kind;
  readonly cassette: Cassette;
  /** e.g. "/v1/chat/completions". */
  readonly path: string;
  readonly request: object;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: Buffer;
  /** The answer as it was recorded, chunk by chunk. */
  readonly chunks: readonly Buffer[];
}

export async function loadExchanges(): Promise<RecordedExchange[]> {
  const all = await loadCassettes(CASSETTES);
  return KINDS.map((kind) => {
    const cassette = all.find(({ id }) => id === IDS[kind]);
    const [interaction] = cassette?.interactions ?? [];
    if (cassette === undefined || interaction === undefined) throw new TypeError(`no ${IDS[kind]}`);
    const { path, body } = interaction.request;
    const { headers, bytes, chunks = [[0, 0]] } = interaction.response;
    const starts = chunks.map(([start]) => start);
    return {
      kind,
      cassette,
      path,
      request: Object(body),
      headers,
      answer: bytes,
      chunks: starts.map((start, index) => bytes.subarray(start, starts[index + 1])),
    };
  });
}
