import OpenAI from 'openai';
import type { JsonObject } from '../../shapes/json-object.ts';
import { readText } from '../json-body.ts';
import type { Provider, ProviderCall } from '../provider.ts';
import { ProviderCutError } from '../provider-error.ts';
import { reachProvider } from '../reach-provider.ts';
import { readEvents } from '../read-events.ts';
import { parseAnswer, parseModelList } from './parse-answer.ts';
import { readError } from './parse-error.ts';
import { parseEvent } from './parse-event.ts';

const HEAD_TIMEOUT_MS = 600_000;

/**
 * One SDK client serves all users, because making one takes longer than the rest of a call; the
 * key goes with each call. Everything that the SDK would read from the environment is pinned.
 */
function createClient(baseUrl: string): OpenAI {
  return new OpenAI({
    apiKey: 'sent-with-each-call',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: baseUrl,
    // Each attempt is metered, so the SDK must not make any on its own.
    maxRetries: 0,
    timeout: HEAD_TIMEOUT_MS,
    logLevel: 'off',
  });
}

type Call = Omit<ProviderCall, 'body' | 'model'>;

/** OpenAI's chat completions and images, through the official SDK. */
export function createOpenAiProvider({ baseUrl }: { readonly baseUrl: string }): Provider {
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
  const chat = (call: ProviderCall, body: JsonObject) =>
    reach(call, { path: '/chat/completions', body });

  return {
    name: 'openai',
    shape: 'openai',
    settingNames: ['base_url', 'organization', 'default_model', 'timeout_ms'],
    listModels: async (call) => {
      const response = await reach(call, { path: '/models' });
      parseModelList(response.status, await readText(response));
    },
    complete: async (call) => {
      const response = await chat(call, call.body);
      return parseAnswer(response.status, await readText(response), call.apiKey);
    },
    stream: async (call) => {
      const response = await chat(call, withUsage(call.body));
      if (response.body === null) throw new ProviderCutError('The provider sent no stream.');
      const events = readEvents(response.body, (data) => parseEvent(data, call.apiKey));
      return { status: response.status, events };
    },
  };
}

function toOptions({ apiKey, settings, signal }: Call) {
  const { organization, timeout_ms: timeout } = settings;
  return {
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(organization !== undefined && { 'openai-organization': organization }),
    },
    signal,
    ...(timeout !== undefined && { timeout }),
  };
}

function withUsage(body: JsonObject): JsonObject {
  const { stream_options: options } = body;
  const asked = typeof options === 'object' ? options : {};
  return { ...body, stream: true, stream_options: { ...asked, include_usage: true } };
}
