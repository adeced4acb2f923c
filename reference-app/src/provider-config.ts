import { z } from 'zod';

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL' })
  .transform((url) => url.replace(/\/+$/, ''));
const systemKey = z.string().optional();

/** Where the providers are, and the system's own keys for them. */
export const providersSchema = z.object({
  OPENAI_API_KEY: systemKey,
  OPENAI_BASE_URL: baseUrl.default('https://api.openai.com/v1'),
  GOOGLE_API_KEY: systemKey,
  GOOGLE_BASE_URL: baseUrl.default('https://generativelanguage.googleapis.com'),
  GOOGLE_SDK: z
    .enum(['genai', 'generative-ai'], { error: 'must be genai or generative-ai' })
    .default('genai'),
  ANTHROPIC_API_KEY: systemKey,
  ANTHROPIC_BASE_URL: baseUrl.default('https://api.anthropic.com'),
  AZURE_OPENAI_API_KEY: systemKey,
  AZURE_OPENAI_BASE_URL: baseUrl.optional(),
  AZURE_OPENAI_API_VERSION: z.string().min(1).default('2024-10-21'),
});

interface ProviderConfig {
  /** undefined: users without a key of their own are not served there. */
  readonly systemKey: string | undefined;
  readonly baseUrl: string;
}

export interface ProvidersConfig {
  readonly openai: ProviderConfig;
  readonly google: ProviderConfig & {
    /** Which of Google's SDKs makes the calls. */
    readonly sdk: 'genai' | 'generative-ai';
  };
  readonly anthropic: ProviderConfig;
  readonly azure: Pick<ProviderConfig, 'systemKey'> & {
    /** The service's own resource; undefined: each credential says where its own is. */
    readonly baseUrl: string | undefined;
    readonly apiVersion: string;
  };
}

export function toProvidersConfig(values: z.infer<typeof providersSchema>): ProvidersConfig {
  return {
    openai: Object.freeze({ systemKey: values.OPENAI_API_KEY, baseUrl: values.OPENAI_BASE_URL }),
    google: Object.freeze({
      systemKey: values.GOOGLE_API_KEY,
      baseUrl: values.GOOGLE_BASE_URL,
      sdk: values.GOOGLE_SDK,
    }),
    anthropic: Object.freeze({
      systemKey: values.ANTHROPIC_API_KEY,
      baseUrl: values.ANTHROPIC_BASE_URL,
    }),
    azure: Object.freeze({
      systemKey: values.AZURE_OPENAI_API_KEY,
      baseUrl: values.AZURE_OPENAI_BASE_URL,
      apiVersion: values.AZURE_OPENAI_API_VERSION,
    }),
  };
}
