import type { Provider } from '#harness/cassettes/provider.ts';
import type { ProviderLedger } from './ledger.ts';

/** What a service under test has in the place of its providers: the simulator, or the recorder. */
export interface ProviderSide extends AsyncDisposable {
  readonly ledger: ProviderLedger;
  /** The base URL for the provider's SDK, e.g. "http://127.0.0.1:40123/openai/v1". */
  providerUrl(provider: Provider): string;
  /** Makes a key valid. Calls with any other key get the provider's own answer to a wrong key. */
  acceptKey(provider: Provider, key: string): void;
}
