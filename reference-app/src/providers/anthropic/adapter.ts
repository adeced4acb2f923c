import Anthropic from '@anthropic-ai/sdk';
import type { JsonObject } from '../../shapes/json-object.ts';
import { readText } from '../json-body.ts';
import type { Provider, ProviderCall } from '../provider.ts';
import { ProviderCutError } from '../provider-error.ts';
import { reachProvider } from '../reach-provider.ts';
import { readEvents } from '../read-events.ts';
import { parseAnswer, parseModelList } from './parse-answer.ts';
import { readError } from './parse-error.ts';
import { createEventParser } from './parse-event.ts';

const HEAD_TIMEOUT_MS = 600_000;
/**
 * Instead of the SDK's 2026-10-21, which refuses temperature, top_p and top_k; all else that it
 * changes is refused as well, and answers are the same (docs 2026-11-22:
 * https://platform.claude.com/docs/en/api/migration-2026-10-21).
 */
const API_VERSION = '2023-06-01';

/**
 * One SDK client serves all users, because making one takes longer than the rest of a call; the
 * key goes with each call. Everything that the SDK would read from the environment is pinned.
 */
function createClient(baseUrl: string): Anthropic {
  return new Anthropic({
    apiKey: 'sent-with-each-call',
    webhookKey: null,
    baseURL: baseUrl,
    // Each attempt is metered, so the SDK must not make any on its own.
    maxRetries: 0,
    timeout: HEAD_TIMEOUT_MS,
    logLevel: 'off',
    openTelemetry: false,
  });
}

type Call = Omit<ProviderCall, 'body' | 'model'>;

/** Anthropic's messages, through the official SDK. */
export function createAnthropicProvider({ baseUrl }: { readonly baseUrl: string }): Provider {
  const client = createClient(baseUrl);
  const reach = (call: Call, { path, body }: { path: string; body?: JsonObject }) =>
    reachProvider(
      () => {
        // The SDK takes a whole URL instead of a path, which spares a client per base URL.
        const url = (call.settings.base_url ?? '') + path;
        const options = toOptions(call);
        return body === undefined
          ? client.get(url, options).asResponse()
          : client.post(url, { ...options, body, stream: body['stream'] === true }).asResponse();
      },
      (error) => readError(error, call.apiKey),
    );

  return {
    name: 'anthropic',
    shape: 'anthropic',
    settingNames: ['base_url', 'default_model', 'timeout_ms'],
    listModels: async (call) => {
      const response = await reach(call, { path: '/v1/models' });
      parseModelList(response.status, await readText(response));
    },
    complete: async (call) => {
      const response = await reach(call, { path: '/v1/messages', body: call.body });
      return parseAnswer(response.status, await readText(response), call.apiKey);
    },
    stream: async (call) => {
      const body = { ...call.body, stream: true };
      const response = await reach(call, { path: '/v1/messages', body });
      if (response.body === null) throw new ProviderCutError('The provider sent no stream.');
      const events = readEvents(response.body, createEventParser(call.apiKey));
      return { status: response.status, events };
    },
  };
}

function toOptions({ apiKey, settings, signal }: Call) {
  const { timeout_ms: timeout } = settings;
  return {
    // The SDK's own way to send a key is a bearer token; API keys go into this header.
    headers: { authorization: null, 'x-api-key': apiKey, 'anthropic-version': API_VERSION },
    signal,
    ...(timeout !== undefined && { timeout }),
  };
}
