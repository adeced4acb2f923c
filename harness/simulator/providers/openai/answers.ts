import { type Answer, type AnswerPart, createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import { textOf } from '../../made-up.ts';
import type { ErrorAnswer, GeneratedAnswer } from '../../script.ts';
import type { AnswerContext, ErrorPlace, ProviderRequest } from '../wire.ts';
import { type Completion, createCompletion } from './completion.ts';
import { generateEmbeddings } from './embeddings.ts';
import { wordError } from './errors.ts';
import { apiHeaders, RATE_LIMIT_HEADERS } from './headers.ts';
import { generateImages } from './images.ts';
import { isReasoningModel, MODELS } from './models.ts';
import { brokenParts, readForm, streamParts } from './stream.ts';
import { writeUsage } from './usage.ts';

export function generate(
  request: ProviderRequest,
  asked: GeneratedAnswer | undefined,
  context: AnswerContext,
): Answer {
  switch (request.operation.name) {
    case 'models.list':
      return listModels(context);
    case 'images.generations':
      return generateImages(request, asked, context);
    case 'embeddings':
      return generateEmbeddings(request, asked, context);
    default: {
      const completion = createCompletion(request, asked, context);
      return request.isStream
        ? streamAnswer(request, completion, context)
        : plainAnswer(completion, context);
    }
  }
}

function plainAnswer(completion: Completion, context: AnswerContext): WholeAnswer {
  const { id, createdSeconds, model, tokens, finishReason, sendsUsage } = completion;
  const message = {
    role: 'assistant',
    content: textOf(tokens.output),
    refusal: null,
    annotations: [],
  };
  const isReasoning = isReasoningModel(model);
  const logprobs = isReasoning ? {} : { logprobs: null };
  const body = {
    id,
    object: 'chat.completion',
    created: createdSeconds,
    model,
    choices: [{ index: 0, message, ...logprobs, finish_reason: finishReason }],
    ...(sendsUsage ? { usage: writeUsage(tokens) } : {}),
    service_tier: 'default',
    system_fingerprint: isReasoning ? null : 'fp_simulated',
  };
  const head = { modelServed: model, usage: sendsUsage ? tokens : undefined };
  return {
    ...jsonAnswer(body, [...apiHeaders('application/json', context), ...RATE_LIMIT_HEADERS]),
    ...head,
  };
}

function streamAnswer(
  request: ProviderRequest,
  completion: Completion,
  context: AnswerContext,
): Answer {
  return {
    kind: 'stream',
    status: 200,
    headers: [...apiHeaders('text/event-stream; charset=utf-8', context), ...RATE_LIMIT_HEADERS],
    modelServed: completion.model,
    parts: streamParts(completion, readForm(request)),
  };
}

/** As seen in 2025: the error object, a usage of nothing where usage was asked for, and [DONE]. */
export function errorParts(
  error: ErrorAnswer,
  { request, context }: ErrorPlace,
): Iterable<AnswerPart> {
  const {
    message,
    type = 'invalid_request_error',
    param = null,
    code = null,
  } = wordError(error, request.model);
  const completion = createCompletion(request, undefined, context);
  return brokenParts({ message, type, param, code }, completion, readForm(request));
}

/** 2026-01-01, the same for every model: nothing should depend on it. */
const CREATED_SECONDS = 1_767_225_600;

function listModels(context: AnswerContext): WholeAnswer {
  const model = { object: 'model', created: CREATED_SECONDS, owned_by: 'system' };
  const body = { object: 'list', data: MODELS.map(({ id }) => ({ id, ...model })) };
  return jsonAnswer(body, apiHeaders('application/json', context));
}

function jsonAnswer(value: unknown, headers: readonly string[]): WholeAnswer {
  return createWholeAnswer(`${JSON.stringify(value, undefined, 2)}\n`, { status: 200, headers });
}
