import {
  type GenerateContentRequest,
  GenerativeModel,
  GoogleGenerativeAIFetchError,
} from '@google/generative-ai';
import type { JsonObject } from '../../shapes/json-object.ts';
import { untilHead } from '../head-timeout.ts';
import { parseJsonObject, readText } from '../json-body.ts';
import { ProviderAnswerError, ProviderCutError } from '../provider-error.ts';
import { reachProvider } from '../reach-provider.ts';
import { API_VERSION, type GoogleCall, type GoogleRequest, type GoogleSdk } from './google-sdk.ts';
import { parseRefusal, toRefusal } from './parse-error.ts';

const OK = 200;
const GENERATE = /^(?<model>models\/[^:]+):(?:stream)?[gG]enerateContent$/;

/**
 * `@google/generative-ai`, which its vendor has retired. It has no lower level, so what it hides
 * stays hidden: the status of an answer that is no error, the text of an error that is no JSON, and
 * which chunks came together. What it cannot ask (the list of models, Imagen) is asked without it.
 */
export function createGenerativeAiSdk(baseUrl: string): GoogleSdk {
  const reach = <T>(call: GoogleCall, open: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    reachProvider(
      () => {
        const { signal, settings } = call;
        // The SDK waits for an abort that is still to come.
        signal.throwIfAborted();
        return untilHead({ signal, timeoutMs: settings.timeout_ms }, open);
      },
      (error) => readError(error, call.apiKey),
    );
  return {
    request: (call, request) => {
      const model = modelOf(request);
      return reach(call, async (signal) => {
        if (model === undefined) return fetchJson(call, request, { baseUrl, signal });
        const client = createModel(call, model, baseUrl);
        const { response } = await client.generateContent(paramsOf(request), { signal });
        return { status: OK, body: { ...response } };
      });
    },
    stream: (call, request) =>
      reach(call, async (signal) => {
        const client = createModel(call, modelOf(request) ?? '', baseUrl);
        const answer = await client.generateContentStream(paramsOf(request), { signal });
        // It reads a second copy of the stream, whose failure nobody would see.
        answer.response.catch(() => undefined);
        return { status: OK, chunks: readChunks(answer.stream) };
      }),
  };
}

function modelOf({ path }: GoogleRequest): string | undefined {
  return GENERATE.exec(path)?.groups?.['model'];
}

function createModel({ apiKey, settings }: GoogleCall, model: string, baseUrl: string) {
  const options = { baseUrl: settings.base_url ?? baseUrl, apiVersion: API_VERSION };
  return new GenerativeModel(apiKey, { model }, options);
}

/** The SDK sends its parameters as they are, so they may hold what its types do not know. */
function paramsOf({ body }: GoogleRequest): GenerateContentRequest {
  return { contents: [], ...body };
}

async function* readChunks(
  stream: AsyncIterable<object>,
): AsyncGenerator<readonly JsonObject[], void, undefined> {
  try {
    for await (const chunk of stream) yield [{ ...chunk }];
  } catch (cause) {
    throw new ProviderCutError('The connection to the provider broke off.', { cause });
  }
}

async function fetchJson(
  { apiKey, settings }: GoogleCall,
  { path, body }: GoogleRequest,
  { baseUrl, signal }: { readonly baseUrl: string; readonly signal: AbortSignal },
) {
  const response = await fetch(`${settings.base_url ?? baseUrl}/${API_VERSION}/${path}`, {
    headers: { 'content-type': 'application/json', 'x-goog-api-key': apiKey },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    signal,
  });
  const { status } = response;
  const text = await readText(response);
  if (!response.ok) throw parseRefusal(status, text, apiKey);
  return { status, body: parseJsonObject(text, status) };
}

function readError(error: unknown, apiKey: string): ProviderAnswerError | undefined {
  if (error instanceof ProviderAnswerError) return error;
  if (!(error instanceof GoogleGenerativeAIFetchError) || error.status === undefined)
    return undefined;
  const { status, statusText, errorDetails: details } = error;
  // The SDK wraps the provider's message in its URL, the status and the details.
  const [, message = ''] = error.message.split(`[${status} ${statusText}] `);
  const suffix = details === undefined ? '' : ` ${JSON.stringify(details)}`;
  const own = message.endsWith(suffix) ? message.slice(0, message.length - suffix.length) : message;
  return toRefusal(status, { message: own, details }, apiKey);
}
