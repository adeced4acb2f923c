import { ApiError } from '../../errors/api-error.ts';
import { createOpenAiWire } from '../openai/open-ai-wire.ts';
import type { Provider } from '../provider.ts';

export interface AzureOptions {
  /** The resource, e.g. "https://name.openai.azure.com"; undefined: each credential has its own. */
  readonly baseUrl: string | undefined;
  /** e.g. "2024-10-21". */
  readonly apiVersion: string;
}

/**
 * Azure OpenAI: OpenAI's wire, but a resource of one's own, a deployment in the path in place of a
 * model, a version in the query and another header for the key.
 */
export function createAzureProvider(options: AzureOptions): Provider {
  return createOpenAiWire({
    name: 'azure',
    settingNames: ['base_url', 'api_version', 'default_model', 'timeout_ms'],
    urlOf: ({ settings }, { path, model }) => {
      const { base_url: baseUrl = options.baseUrl, api_version: version = options.apiVersion } =
        settings;
      const deployment = model === undefined ? '' : `/deployments/${encodeURIComponent(model)}`;
      const query = `api-version=${encodeURIComponent(version)}`;
      return `${baseUrl ?? refuseWithoutResource()}/openai${deployment}/${path}?${query}`;
    },
    headersOf: ({ apiKey }) => ({ authorization: null, 'api-key': apiKey }),
  });
}

function refuseWithoutResource(): never {
  throw new ApiError({
    status: 400,
    message: 'settings.base_url: is missing, and the service knows no resource of its own.',
    type: 'invalid_request_error',
    param: 'settings.base_url',
    code: 'no_base_url',
  });
}
