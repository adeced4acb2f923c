import type { RecordedResponse } from '#harness/cassettes/cassette.ts';
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
  /**
   * Decompressed, and then without its chunks. undefined: the provider broke off, or could not be
   * reached, before its status line.
   */
  readonly response: RecordedResponse | undefined;
  /** Its entry in the recorder's ledger. */
  readonly call: ProviderCall;
}
