import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

import type { WholeAnswer } from '../../answer.ts';
import { countPromptTokens } from '../plan-completion.ts';
import { unknownOperation } from '../unknown-operation.ts';
import type { Operation, ProviderRequest, RawRequest } from '../wire.ts';
import { invalidArgument, modelNotFound } from './errors.ts';
import { findModel, PROMPT_TOKENS_MAX } from './models.ts';
import { findPredictMistake } from './predict.ts';

const METHODS: Readonly<Record<string, Operation>> = {
  generateContent: { name: 'generateContent', kind: 'inference' },
  streamGenerateContent: { name: 'streamGenerateContent', kind: 'inference' },
  predict: { name: 'predict', kind: 'inference' },
};

const METHOD_PATH = /^\/v1(?:beta|alpha)?\/models\/([^/:]+):(\w+)$/;
const MODEL_PATH = /^\/v1(?:beta|alpha)?\/models\/([^/:]+)$/;
const MODELS_PATH = /^\/v1(?:beta|alpha)?\/models$/;

/** The SDKs send the header, examples and older clients the parameter. */
export function readKey(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  const header = headers['x-goog-api-key'];
  return (typeof header === 'string' && header) || query.get('key') || undefined;
}

export function findOperation(method: string, path: string): Operation {
  const unknown = unknownOperation(method, path);
  if (method === 'POST') {
    return METHODS[path.match(METHOD_PATH)?.[2] ?? ''] ?? unknown;
  }
  if (method === 'GET' && MODELS_PATH.test(path)) {
    return { name: 'models.list', kind: 'catalogue' };
  }
  const isModel = method === 'GET' && MODEL_PATH.test(path);
  return isModel ? { name: 'models.get', kind: 'catalogue' } : unknown;
}

const CANDIDATES_MAX = 8;

/** What the simulator itself needs of a request; everything else is only matched. */
const generateSchema = z.looseObject({
  contents: z.unknown().optional(),
  systemInstruction: z.unknown().optional(),
  generationConfig: z
    .looseObject({
      maxOutputTokens: z.number().nullish().catch(undefined),
      candidateCount: z.int().positive().max(CANDIDATES_MAX).nullish().catch(undefined),
      responseMimeType: z.string().nullish().catch(undefined),
      responseSchema: z.unknown().optional(),
      responseJsonSchema: z.unknown().optional(),
    })
    .nullish()
    .catch(undefined),
});

export type GenerateRequest = z.infer<typeof generateSchema>;

export function readGenerate({ body }: RawRequest): GenerateRequest {
  return generateSchema.safeParse(body).data ?? {};
}

export function readRequest(request: RawRequest, operation: Operation): ProviderRequest {
  const { path } = request;
  const model = (path.match(METHOD_PATH) ?? path.match(MODEL_PATH))?.[1];
  return { ...request, operation, model, isStream: operation.name === 'streamGenerateContent' };
}

/** The checks of the real API; undefined when the request is fine. */
export function checkRequest(request: ProviderRequest): WholeAnswer | undefined {
  const { operation, model } = request;
  if (operation.kind === 'unknown') {
    return undefined;
  }
  const mistake = operation.kind === 'inference' ? findMistake(request) : undefined;
  if (mistake !== undefined) {
    return invalidArgument(mistake, request);
  }
  const isKnown = model === undefined || isServed(model, operation);
  return isKnown ? undefined : modelNotFound(request);
}

function isServed(id: string, { name, kind }: Operation): boolean {
  const model = findModel(id);
  const isOfPictures = model?.makes === 'pictures';
  return model !== undefined && (kind === 'catalogue' || isOfPictures === (name === 'predict'));
}

/** What is wrong with the body, as the API words it. */
function findMistake(request: ProviderRequest): string | undefined {
  const { body } = request;
  if (typeof body !== 'object' || body === null) {
    return body === undefined
      ? 'Invalid JSON payload received. Unexpected end of string. Expected a value.'
      : 'Invalid JSON payload received. Root element must be a message.';
  }
  return request.operation.name === 'predict'
    ? findPredictMistake(request)
    : findContentsMistake(readGenerate(request));
}

function findContentsMistake({ contents, systemInstruction }: GenerateRequest): string | undefined {
  if (contents === undefined || (Array.isArray(contents) && contents.length === 0)) {
    return '* GenerateContentRequest.contents: contents is not specified\n';
  }
  if (typeof contents !== 'object' || contents === null) {
    return `Invalid value at 'contents' (type.googleapis.com/google.ai.generativelanguage.v1beta.Content), ${JSON.stringify(contents)}`;
  }
  const roles = [contents].flat().map((content: { role?: unknown } | null) => content?.role);
  const isValid = (role: unknown) => role === undefined || ROLES.has(String(role));
  if (!roles.every(isValid)) {
    return 'Please use a valid role: user, model.';
  }
  const tokens = countPromptTokens([systemInstruction, contents]);
  return tokens > PROMPT_TOKENS_MAX
    ? `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${PROMPT_TOKENS_MAX}).`
    : undefined;
}

const ROLES = new Set(['user', 'model', 'function', '']);
