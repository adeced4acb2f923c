import { z } from 'zod';

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL' })
  .transform((url) => url.replace(/\/+$/, ''));
const systemKey = z.string().optional();

/** Where the providers are, and the system's own keys for them. */
export const providersSchema = z.object({
  OPENAI_API_KEY: systemKey,
  OPENAI_BASE_URL: baseUrl.default('https://api.openai.com/v1'),
  ANTHROPIC_API_KEY: systemKey,
  ANTHROPIC_BASE_URL: baseUrl.default('https://api.anthropic.com'),
});

interface ProviderConfig {
  /** undefined: users without a key of their own are not served there. */
  readonly systemKey: string | undefined;
  readonly baseUrl: string;
}

export interface ProvidersConfig {
  readonly openai: ProviderConfig;
  readonly anthropic: ProviderConfig;
}

export function toProvidersConfig(values: z.infer<typeof providersSchema>): ProvidersConfig {
  return {
    openai: Object.freeze({ systemKey: values.OPENAI_API_KEY, baseUrl: values.OPENAI_BASE_URL }),
    anthropic: Object.freeze({
      systemKey: values.ANTHROPIC_API_KEY,
      baseUrl: values.ANTHROPIC_BASE_URL,
    }),
  };
}
