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
import { parseImages } from './parse-images.ts';

const HEAD_TIMEOUT_MS = 600_000;

type Call = Omit<ProviderCall, 'body' | 'model'>;

/** What is asked for; `model` is undefined for the list of models. */
interface Operation {
  readonly path: 'models' | 'chat/completions' | 'images/generations';
  readonly model: string | undefined;
}

/** A vendor that speaks OpenAI's wire, at its own address and in its own way of saying whose key. */
interface OpenAiWire extends Pick<Provider, 'name' | 'settingNames'> {
  /** Throws ApiError 400 when the settings do not say where. */
  urlOf(call: Call, operation: Operation): string;
  /** `null` takes a header of the SDK's away. */
  headersOf(call: Call): Record<string, string | null>;
}

/**
 * One SDK client serves all users, because making one takes longer than the rest of a call; the
 * key goes with each call. Everything that the SDK would read from the environment is pinned.
 */
function createClient(): OpenAI {
  return new OpenAI({
    apiKey: 'sent-with-each-call',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: 'https://sent-with-each-call.invalid',
    // Each attempt is metered, so the SDK must not make any on its own.
    maxRetries: 0,
    timeout: HEAD_TIMEOUT_MS,
    logLevel: 'off',
  });
}

/** OpenAI's chat completions and images, through the official SDK. */
export function createOpenAiWire({ name, settingNames, urlOf, headersOf }: OpenAiWire): Provider {
  const client = createClient();
  const reach = (call: Call, operation: Operation, body?: JsonObject) => {
    const url = urlOf(call, operation);
    const { timeout_ms: timeout } = call.settings;
    const { signal } = call;
    const options = { headers: headersOf(call), signal, ...(timeout !== undefined && { timeout }) };
    return reachProvider(
      () =>
        body === undefined
          ? client.get(url, options).asResponse()
          : client.post(url, { ...options, body, stream: body['stream'] === true }).asResponse(),
      (error) => readError(error, call.apiKey),
    );
  };
  const post = (call: ProviderCall, path: Operation['path'], body: JsonObject) =>
    reach(call, { path, model: call.model }, body);

  return {
    name,
    shape: 'openai',
    settingNames,
    listModels: async (call) => {
      const response = await reach(call, { path: 'models', model: undefined });
      parseModelList(response.status, await readText(response));
    },
    complete: async (call) => {
      const response = await post(call, 'chat/completions', call.body);
      return parseAnswer(response.status, await readText(response), call.apiKey);
    },
    stream: async (call) => {
      const response = await post(call, 'chat/completions', withUsage(call.body));
      if (response.body === null) throw new ProviderCutError('The provider sent no stream.');
      const events = readEvents(response.body, (data) => parseEvent(data, call.apiKey));
      return { status: response.status, events };
    },
    createImages: async (call) => {
      const response = await post(call, 'images/generations', call.body);
      return parseImages(response.status, await readText(response), call.apiKey);
    },
  };
}

function withUsage(body: JsonObject): JsonObject {
  const { stream_options: options } = body;
  const asked = typeof options === 'object' ? options : {};
  return { ...body, stream: true, stream_options: { ...asked, include_usage: true } };
}
