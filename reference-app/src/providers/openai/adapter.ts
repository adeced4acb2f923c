import OpenAI, { APIError } from 'openai';
import type { PlainAnswer, Provider, ProviderCall, StreamAnswer } from '../provider.ts';
import {
  ProviderAnswerError,
  ProviderCutError,
  ProviderUnreachableError,
} from '../provider-error.ts';
import { watchContact } from '../wire-contact.ts';
import { isJsonObject, parseErrorBody } from './parse-event.ts';
import { parseUsage } from './parse-usage.ts';
import { readEvents } from './read-events.ts';

const HEAD_TIMEOUT_MS = 600_000;

interface OpenAiOptions {
  readonly baseUrl: string;
}

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

/** OpenAI's chat completions, through the official SDK. */
export function createOpenAiProvider({ baseUrl }: OpenAiOptions): Provider {
  const client = createClient(baseUrl);

  const send = (call: ProviderCall): Promise<Response> =>
    reach(call, ({ path, options }) =>
      client.post(path('/chat/completions'), {
        ...options,
        body: call.body,
        stream: call.body['stream'] === true,
      }),
    );

  return {
    name: 'openai',
    settingNames: ['base_url', 'organization', 'default_model', 'timeout_ms'],
    listModels: async (call) => {
      const response = await reach(call, ({ path, options }) =>
        client.get(path('/models'), options),
      );
      parseModelList(response.status, await readText(response));
    },
    complete: async (call) => {
      const response = await send(call);
      return parsePlainAnswer(response.status, await readText(response), call.apiKey);
    },
    stream: async (call): Promise<StreamAnswer> => {
      const body = {
        ...call.body,
        stream: true,
        stream_options: withUsage(call.body['stream_options']),
      };
      const response = await send({ ...call, body });
      if (response.body === null) throw new ProviderCutError('The provider sent no stream.');
      return { status: response.status, events: readEvents(response.body, call.apiKey) };
    },
  };
}

interface Request {
  /** Where a path of the API is for this call. */
  readonly path: (path: string) => string;
  readonly options: {
    readonly headers: Record<string, string>;
    readonly signal: AbortSignal;
    readonly timeout?: number;
  };
}

/** Makes one call with the caller's key and settings; turns the SDK's errors into the service's. */
function reach(
  { apiKey, settings, signal }: Omit<ProviderCall, 'body'>,
  call: (request: Request) => { asResponse(): Promise<Response> },
): Promise<Response> {
  const { base_url: baseUrl = '', organization, timeout_ms: timeout } = settings;
  const headers = {
    authorization: `Bearer ${apiKey}`,
    ...(organization !== undefined && { 'openai-organization': organization }),
  };
  const options = { headers, signal, ...(timeout !== undefined && { timeout }) };
  return watchContact(async (contact) => {
    try {
      // The SDK takes a whole URL instead of a path, which spares a client per base URL.
      return await call({ path: (path) => baseUrl + path, options }).asResponse();
    } catch (error) {
      throw toProviderError(error, { apiKey, wasSent: contact.wasSent });
    }
  });
}

/** A page of a proxy or a portal is a 200 as well, and says nothing of the key. */
function parseModelList(status: number, text: string): void {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw new ProviderCutError('The provider sent no list of models.', { status, cause });
  }
  if (!isJsonObject(answer) || !Array.isArray(answer['data']))
    throw new ProviderCutError('The provider sent no list of models.', { status });
}

/** Usage is always asked for: a stream without it can only be estimated. */
function withUsage(options: unknown): Record<string, unknown> {
  return { ...(isJsonObject(options) ? options : {}), include_usage: true };
}

async function readText(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw new ProviderCutError('The connection to the provider broke off.', {
      cause,
      status: response.status,
    });
  }
}

function parsePlainAnswer(status: number, text: string, apiKey: string): PlainAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw new ProviderCutError('The answer of the provider is not complete JSON.', {
      cause,
      status,
    });
  }
  if (!isJsonObject(answer))
    throw new ProviderCutError('The answer of the provider is not a JSON object.', { status });
  if (answer['error'] !== undefined && answer['error'] !== null) {
    throw new ProviderAnswerError(
      status,
      parseErrorBody(answer['error'], 'The provider failed.', apiKey),
    );
  }
  const model = answer['model'];
  return {
    status,
    text,
    modelServed: typeof model === 'string' && model !== '' ? model : undefined,
    usage: parseUsage(answer['usage']),
  };
}

function toProviderError(
  error: unknown,
  { apiKey, wasSent }: { apiKey: string; wasSent: boolean },
): Error {
  if (error instanceof APIError && typeof error.status === 'number') {
    const body = parseErrorBody(error.error, describe(error), apiKey);
    return new ProviderAnswerError(
      error.status,
      body,
      error.headers?.get('retry-after') ?? undefined,
    );
  }
  return wasSent
    ? new ProviderCutError('The provider broke the connection off before it answered.', {
        cause: error,
      })
    : new ProviderUnreachableError('The provider could not be reached.', { cause: error });
}

/** The SDK's message of an error without OpenAI's envelope: the status and the text. */
function describe(error: APIError): string {
  return error.message.slice(0, 1_000);
}
