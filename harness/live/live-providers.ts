import type { Provider } from '#harness/cassettes/provider.ts';
import type { LiveEnvironment } from '#harness/config/env.ts';
import type { Upstreams } from '#harness/recorder/recorder.ts';

/** As each provider's SDK takes it. */
const BASE_URLS: Readonly<Partial<Record<Provider, string>>> = {
  openai: 'https://api.openai.com/v1',
  google: 'https://generativelanguage.googleapis.com',
  anthropic: 'https://api.anthropic.com',
};

/** Where the live providers are that have a key. */
export function liveProviders({ keys, baseUrls }: LiveEnvironment): Upstreams {
  return Object.fromEntries(
    Object.entries(BASE_URLS).flatMap(([name, url]) => {
      const provider = name as Provider;
      const key = keys[provider];
      return key === undefined ? [] : [[provider, { baseUrl: baseUrls[provider] ?? url, key }]];
    }),
  );
}

/** Why nothing live can be asked of a provider; undefined when it can. */
export function whyNotLive(provider: Provider, { keys }: LiveEnvironment): string | undefined {
  const variable = `${provider.toUpperCase()}_API_KEY`;
  return keys[provider] === undefined ? `${variable} is not set` : undefined;
}
