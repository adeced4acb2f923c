import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

import type { WholeAnswer } from '../../answer.ts';
import { bearerKey } from '../bearer-key.ts';
import { countPromptTokens } from '../plan-completion.ts';
import { unknownOperation } from '../unknown-operation.ts';
import type { AnswerContext, Operation, ProviderRequest, RawRequest } from '../wire.ts';
import { invalidRequest, modelNotFound } from './errors.ts';
import { findModel } from './models.ts';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /v1/messages': { name: 'messages', kind: 'inference' },
  'GET /v1/models': { name: 'models.list', kind: 'catalogue' },
};

const MODEL_PATH = /^\/v1\/models\/([^/]+)$/;

/** The SDK sends the second form since its first major version, others mostly the first. */
export function readKey(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['x-api-key'];
  return typeof key === 'string' && key !== '' ? key : bearerKey(headers);
}

export function findOperation(method: string, path: string): Operation {
  if (method === 'GET' && MODEL_PATH.test(path)) {
    return { name: 'models.get', kind: 'catalogue' };
  }
  return OPERATIONS[`${method} ${path}`] ?? unknownOperation(method, path);
}

/** What the simulator itself needs of a request; everything else is only matched. */
const messagesSchema = z.looseObject({
  model: z.string().optional().catch(undefined),
  max_tokens: z.number().optional().catch(undefined),
  system: z.unknown().optional(),
  messages: z.unknown().optional(),
  stream: z.boolean().nullish().catch(undefined),
  output_config: z
    .looseObject({ format: z.looseObject({ schema: z.unknown() }).nullish() })
    .nullish()
    .catch(undefined),
});

export type MessagesRequest = z.infer<typeof messagesSchema>;

export function readMessages({ body }: RawRequest): MessagesRequest {
  return messagesSchema.safeParse(body).data ?? {};
}

export function readRequest(request: RawRequest, operation: Operation): ProviderRequest {
  const { model, stream } = readMessages(request);
  const named = request.path.match(MODEL_PATH)?.[1];
  return { ...request, operation, model: named ?? model, isStream: stream === true };
}

/** The checks of the real API; undefined when the request is fine. */
export function checkRequest(
  request: ProviderRequest,
  context: AnswerContext,
): WholeAnswer | undefined {
  if (request.operation.kind === 'unknown') {
    return undefined;
  }
  if (request.headers['anthropic-version'] === undefined) {
    return invalidRequest('anthropic-version: header is required', context);
  }
  const wrong =
    request.operation.kind === 'inference'
      ? findMistake(readMessages(request), request)
      : undefined;
  if (wrong !== undefined) {
    return invalidRequest(wrong, context);
  }
  const { model } = request;
  const isKnown = model === undefined || findModel(model) !== undefined;
  return isKnown ? undefined : modelNotFound(model, context);
}

/** What is wrong with the body, as the API words it. */
function findMistake(asked: MessagesRequest, { body }: RawRequest): string | undefined {
  const { model, max_tokens, messages } = asked;
  if (body === undefined) {
    return 'The request body is not valid JSON: expected value: line 1 column 1 (char 0)';
  }
  if (model === undefined) {
    return 'model: Field required';
  }
  if (max_tokens === undefined) {
    return 'max_tokens: Field required';
  }
  if (max_tokens < 1) {
    return 'max_tokens: must be greater than or equal to 1';
  }
  if (messages === undefined) {
    return 'messages: Field required';
  }
  if (!Array.isArray(messages)) {
    return 'messages: Input should be a valid list';
  }
  if (messages.length === 0) {
    return 'messages: at least one message is required';
  }
  const tokens = countPromptTokens([asked.system, messages]);
  const max = findModel(model)?.promptTokensMax ?? Number.POSITIVE_INFINITY;
  return tokens > max ? `prompt is too long: ${tokens} tokens > ${max} maximum` : undefined;
}
