import type { Chunk } from '#harness/cassettes/format.ts';
import type { Provider } from '#harness/cassettes/provider.ts';
import type { ProviderCall } from '#harness/simulator/ledger.ts';

/** One call of a live provider as it went through the recorder. Holds secrets: never to be written. */
export interface RecordedExchange {
  readonly provider: Provider;
  readonly request: {
    readonly method: string;
    readonly path: string;
    /** Sorted, without the parameters that carry secrets. */
    readonly query: string;
    readonly bytes: Buffer;
  };
  /** undefined: the provider broke off, or could not be reached, before its status line. */
  readonly response: LiveResponse | undefined;
  /** Its entry in the recorder's ledger. */
  readonly call: ProviderCall;
}

export interface LiveResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly bytes: Buffer;
  /** Where each chunk starts, and when it came after the head; undefined when compressed. */
  readonly chunks: readonly Chunk[] | undefined;
}
