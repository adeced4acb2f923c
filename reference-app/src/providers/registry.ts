import type { Config } from '../config.ts';
import { createAnthropicProvider } from './anthropic/adapter.ts';
import { createAzureProvider } from './azure/adapter.ts';
import { createGoogleProvider } from './google/adapter.ts';
import { createOpenAiProvider } from './openai/adapter.ts';
import type { Provider } from './provider.ts';

/** Models that the catalogue does not know are tried here; the provider says whether they exist. */
export const DEFAULT_PROVIDER = 'openai';

interface RegisteredProvider {
  readonly provider: Provider;
  /** The system's own key, used when a user has none. */
  readonly systemKey: string | undefined;
}

export type ProviderRegistry = ReadonlyMap<string, RegisteredProvider>;

/** All providers by name. A new one adds a folder beside openai/ and a line here. */
export function createRegistry(config: Config): ProviderRegistry {
  const { openai, google, anthropic, azure } = config;
  const registered: RegisteredProvider[] = [
    { provider: createOpenAiProvider(openai), systemKey: openai.systemKey },
    { provider: createGoogleProvider(google), systemKey: google.systemKey },
    { provider: createAnthropicProvider(anthropic), systemKey: anthropic.systemKey },
    { provider: createAzureProvider(azure), systemKey: azure.systemKey },
  ];
  return new Map(registered.map((entry) => [entry.provider.name, entry]));
}
