import type { JsonObject } from '../../shapes/json-object.ts';
import type { Provider, ProviderCall, StreamEvent } from '../provider.ts';
import { ProviderCutError } from '../provider-error.ts';
import { createGenaiSdk } from './genai-sdk.ts';
import { createGenerativeAiSdk } from './generative-ai-sdk.ts';
import { parseImages, toImagesRequest } from './images.ts';
import { parseAnswer } from './parse-answer.ts';
import { StreamParser } from './parse-event.ts';
import { toGenerateContent } from './to-request.ts';

const SDKS = { genai: createGenaiSdk, 'generative-ai': createGenerativeAiSdk };

interface GoogleOptions {
  /** Without a version. */
  readonly baseUrl: string;
  readonly sdk: keyof typeof SDKS;
}

/** Gemini's generateContent, translated from and to OpenAI's shape. */
export function createGoogleProvider({ baseUrl, sdk: name }: GoogleOptions): Provider {
  const sdk = SDKS[name](baseUrl);
  return {
    name: 'google',
    shape: 'openai',
    settingNames: ['base_url', 'default_model', 'timeout_ms'],
    listModels: async (call) => {
      const { status, body } = await sdk.request(call, { path: 'models?pageSize=1' });
      // A page of a proxy or a portal is a 200 as well, and says nothing of the key.
      if (!Array.isArray(body['models']))
        throw new ProviderCutError('The provider sent no list of models.', { status });
    },
    complete: async (call) => {
      const request = { path: pathOf(call, 'generateContent'), body: toGenerateContent(call.body) };
      const answer = await sdk.request(call, request);
      return parseAnswer({ ...answer, apiKey: call.apiKey, modelRequested: call.model });
    },
    stream: async (call) => {
      const path = pathOf(call, 'streamGenerateContent');
      const answer = await sdk.stream(call, { path, body: toGenerateContent(call.body) });
      const { apiKey, model: modelRequested } = call;
      const parser = new StreamParser({ apiKey, modelRequested });
      return { status: answer.status, events: parseAll(answer.chunks, parser) };
    },
    createImages: async (call) => {
      const answer = await sdk.request(call, toImagesRequest(call));
      return parseImages({ ...answer, apiKey: call.apiKey });
    },
  };
}

/** A name from outside must not lead to another path. */
function pathOf({ model }: ProviderCall, method: string): string {
  return `models/${encodeURIComponent(model)}:${method}`;
}

async function* parseAll(
  chunks: AsyncIterable<readonly JsonObject[]>,
  parser: StreamParser,
): AsyncGenerator<readonly StreamEvent[], void, undefined> {
  for await (const group of chunks) yield group.map((chunk) => parser.parse(chunk));
  yield parser.end();
}
