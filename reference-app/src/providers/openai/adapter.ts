import type { Provider } from '../provider.ts';
import { createOpenAiWire } from './open-ai-wire.ts';

/** OpenAI itself, or a server that speaks its wire. */
export function createOpenAiProvider({ baseUrl }: { readonly baseUrl: string }): Provider {
  return createOpenAiWire({
    name: 'openai',
    settingNames: ['base_url', 'organization', 'default_model', 'timeout_ms'],
    urlOf: ({ settings }, { path }) => `${settings.base_url ?? baseUrl}/${path}`,
    headersOf: ({ apiKey, settings: { organization } }) => ({
      authorization: `Bearer ${apiKey}`,
      ...(organization !== undefined && { 'openai-organization': organization }),
    }),
  });
}
