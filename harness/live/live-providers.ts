import { PROVIDERS, type Provider } from '#harness/cassettes/provider.ts';
import { PROVIDER_URLS } from '#harness/cassettes/provider-url.ts';
import type { LiveEnvironment } from '#harness/config/env.ts';
import type { Upstreams } from '#harness/recorder/recorder.ts';

/** Where the live providers are that have a key. */
export function liveProviders({ keys, baseUrls }: LiveEnvironment): Upstreams {
  return Object.fromEntries(
    PROVIDERS.flatMap((provider) => {
      const key = keys[provider];
      const baseUrl = baseUrls[provider] ?? PROVIDER_URLS[provider];
      return key === undefined ? [] : [[provider, { baseUrl, key }]];
    }),
  );
}

/** Why nothing live can be asked of a provider; undefined when it can. */
export function whyNotLive(provider: Provider, { keys }: LiveEnvironment): string | undefined {
  const variable = `${provider.toUpperCase()}_API_KEY`;
  return keys[provider] === undefined ? `${variable} is not set` : undefined;
}
