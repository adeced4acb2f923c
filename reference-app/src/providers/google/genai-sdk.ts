import { GoogleGenAI } from '@google/genai';
import { untilHead } from '../head-timeout.ts';
import { parseJsonObject, readText } from '../json-body.ts';
import { ProviderAnswerError, ProviderCutError } from '../provider-error.ts';
import { reachProvider } from '../reach-provider.ts';
import { readEvents } from '../read-events.ts';
import { API_VERSION, type GoogleCall, type GoogleRequest, type GoogleSdk } from './google-sdk.ts';
import { parseRefusal } from './parse-error.ts';

/**
 * The methods of the SDK hide the raw stream, the status and the fields that they do not know; the
 * client below them, which it leaves open to subclasses, does not. The SDK makes the URL and the
 * headers, and never tries again unless it is told to.
 */
class RawClient extends GoogleGenAI {
  async open(call: GoogleCall, { path, body }: GoogleRequest): Promise<Response> {
    const { apiKey, settings, signal } = call;
    const isStream = path.includes(':stream');
    const response = await untilHead({ signal, timeoutMs: settings.timeout_ms }, (abortSignal) =>
      this.apiClient.request({
        path,
        httpMethod: body === undefined ? 'GET' : 'POST',
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(isStream && { queryParams: { alt: 'sse' } }),
        abortSignal,
        httpOptions: {
          ...(settings.base_url !== undefined && { baseUrl: settings.base_url }),
          headers: { 'x-goog-api-key': apiKey },
          fetch: (input, init) => fetchAnswer(apiKey, input, init),
        },
      }),
    );
    return response.responseInternal;
  }
}

/** The SDK would read the error itself, and keep its text only. */
async function fetchAnswer(apiKey: string, ...request: Parameters<typeof fetch>) {
  const response = await fetch(...request);
  if (response.ok) return response;
  throw parseRefusal(response.status, await readText(response), apiKey);
}

/** `@google/genai`, one client for all users: the key goes with each call. */
export function createGenaiSdk(baseUrl: string): GoogleSdk {
  const client = new RawClient({
    apiKey: 'sent-with-each-call',
    vertexai: false,
    apiVersion: API_VERSION,
    httpOptions: { baseUrl },
  });
  const open = (call: GoogleCall, request: GoogleRequest): Promise<Response> =>
    reachProvider(
      () => client.open(call, request),
      (error) => (error instanceof ProviderAnswerError ? error : undefined),
    );
  return {
    request: async (call, request) => {
      const response = await open(call, request);
      return {
        status: response.status,
        body: parseJsonObject(await readText(response), response.status),
      };
    },
    stream: async (call, request) => {
      const { status, body } = await open(call, request);
      if (body === null) throw new ProviderCutError('The provider sent no stream.', { status });
      return { status, chunks: readEvents(body, (data) => parseJsonObject(data)) };
    },
  };
}
