import { PROVIDERS, type Provider } from '#harness/cassettes/provider.ts';
import type { Wiring } from '#harness/config/tally-config.ts';
import { systemProviderKey } from '#harness/traffic/callers.ts';

/** Where the service finds each provider, and its own key there. */
export function providerWiring(
  baseUrlOf: (provider: Provider) => string,
  seed: string,
): Wiring['providers'] {
  const entries = PROVIDERS.map((provider) => [
    provider,
    { baseUrl: baseUrlOf(provider), systemKey: systemProviderKey(provider, seed) },
  ]);
  return Object.fromEntries(entries) as Wiring['providers'];
}

/** For commands that call no provider: nothing listens there. */
export const nowhere = (): string => 'http://127.0.0.1:9';
