import { z } from 'zod';

import type { WholeAnswer } from '../../answer.ts';
import { countPromptTokens } from '../plan-completion.ts';
import { unknownOperation } from '../unknown-operation.ts';
import type { AnswerContext, Operation, ProviderRequest, RawRequest } from '../wire.ts';
import { findEmbeddingsMistake } from './embeddings.ts';
import { invalidRequest, type Mistake, modelNotFound } from './errors.ts';
import { findImagesMistake } from './images.ts';
import { findModel, MODELS } from './models.ts';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /v1/chat/completions': { name: 'chat.completions', kind: 'inference' },
  'POST /v1/images/generations': { name: 'images.generations', kind: 'inference' },
  'POST /v1/embeddings': { name: 'embeddings', kind: 'inference' },
  'GET /v1/models': { name: 'models.list', kind: 'catalogue' },
};

const MODEL_PATH = /^\/v1\/models\/([^/]+)$/;

export function findOperation(method: string, path: string): Operation {
  return method === 'GET' && MODEL_PATH.test(path)
    ? { name: 'models.get', kind: 'catalogue' }
    : (OPERATIONS[`${method} ${path}`] ?? unknownOperation(method, path));
}

const CHOICES_MAX = 128;

/** What the simulator itself needs of a chat request; everything else is only matched. */
const chatSchema = z.looseObject({
  model: z.string().optional().catch(undefined),
  messages: z.unknown().optional(),
  stream: z.boolean().nullish().catch(undefined),
  stream_options: z
    .looseObject({
      include_usage: z.boolean().nullish(),
      include_obfuscation: z.boolean().nullish(),
    })
    .nullish()
    .catch(undefined),
  max_tokens: z.number().nullish().catch(undefined),
  max_completion_tokens: z.number().nullish().catch(undefined),
  n: z.int().positive().max(CHOICES_MAX).nullish().catch(undefined),
  response_format: z
    .looseObject({
      type: z.string(),
      json_schema: z.looseObject({ schema: z.unknown() }).optional(),
    })
    .nullish()
    .catch(undefined),
});

export type ChatRequest = z.infer<typeof chatSchema>;

export function readChat({ body }: RawRequest): ChatRequest {
  return chatSchema.safeParse(body).data ?? {};
}

export function readRequest(request: RawRequest, operation: Operation): ProviderRequest {
  const { model, stream } = readChat(request);
  const named = request.path.match(MODEL_PATH)?.[1];
  return { ...request, operation, model: named ?? model, isStream: stream === true };
}

/** The checks of the real API in its order; undefined when the request is fine. */
export function checkRequest(
  request: ProviderRequest,
  context: AnswerContext,
): WholeAnswer | undefined {
  const { model, operation } = request;
  if (operation.kind !== 'inference') {
    const isUnknown = operation.name === 'models.get' && !MODELS.some(({ id }) => id === model);
    return isUnknown ? modelNotFound(model, context) : undefined;
  }
  if (request.body === undefined) {
    const message =
      "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)";
    return invalidRequest({ message }, { context });
  }
  if (model === undefined) {
    return invalidRequest({ message: 'you must provide a model parameter' }, { context });
  }
  const mistake = FIND_MISTAKE[operation.name]?.(request);
  if (mistake !== undefined) {
    return invalidRequest(mistake, { context });
  }
  const served = findModel(model, operation.name);
  return served === undefined ? modelNotFound(model, context) : undefined;
}

const FIND_MISTAKE: Readonly<Record<string, (request: ProviderRequest) => Mistake | undefined>> = {
  'chat.completions': findChatMistake,
  'images.generations': findImagesMistake,
  embeddings: findEmbeddingsMistake,
};

function findChatMistake(request: ProviderRequest): Mistake | undefined {
  const { messages } = readChat(request);
  const param = 'messages';
  if (messages === undefined) {
    const message = "Missing required parameter: 'messages'.";
    return { message, param, code: 'missing_required_parameter' };
  }
  if (!Array.isArray(messages)) {
    const message = `Invalid type for 'messages': expected an array of objects, but got ${describeType(messages)} instead.`;
    return { message, param, code: 'invalid_type' };
  }
  if (messages.length === 0) {
    const message =
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.";
    return { message, param, code: 'empty_array' };
  }
  return findOversize(request, messages);
}

function findOversize({ model, operation }: ProviderRequest, prompt: unknown): Mistake | undefined {
  const max = findModel(model ?? '', operation.name)?.promptTokensMax ?? Number.POSITIVE_INFINITY;
  const tokens = countPromptTokens(prompt);
  const message = `This model's maximum context length is ${max} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`;
  return tokens > max ? { message, param: 'messages', code: 'context_length_exceeded' } : undefined;
}

function describeType(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
