import type { Provider } from './provider.ts';

/**
 * Where the providers are, as their SDKs take it. An Azure resource has a name of its own; this one
 * stands for all.
 */
export const PROVIDER_URLS: Readonly<Record<Provider, string>> = {
  openai: 'https://api.openai.com/v1',
  google: 'https://generativelanguage.googleapis.com',
  anthropic: 'https://api.anthropic.com',
  azure: 'https://tally.openai.azure.com',
};
