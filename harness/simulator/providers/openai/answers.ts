import { type Answer, type AnswerPart, createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import type { ErrorAnswer, GeneratedAnswer } from '../../script.ts';
import type { AnswerContext, ErrorPlace, ProviderRequest } from '../wire.ts';
import { type Completion, createCompletion, finishReason, writeToolCall } from './completion.ts';
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
    case 'models.list': {
      const list = { object: 'list', data: MODELS.map(({ id }) => showModel(id)) };
      return jsonAnswer(list, apiHeaders('application/json', context));
    }
    case 'models.get':
      return jsonAnswer(showModel(request.model), apiHeaders('application/json', context));
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
  const { id, createdSeconds, model, tokens, choices, sendsUsage } = completion;
  const isReasoning = isReasoningModel(model);
  const logprobs = isReasoning ? {} : { logprobs: null };
  const body = {
    id,
    object: 'chat.completion',
    created: createdSeconds,
    model,
    choices: choices.map((pieces, index) => ({
      index,
      message: writeMessage(completion, pieces, index),
      ...logprobs,
      finish_reason: finishReason(completion, index),
    })),
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

function writeMessage(completion: Completion, pieces: readonly string[], index: number) {
  const toolCalls = index === 0 ? completion.toolCalls : [];
  const tool_calls = toolCalls.map((call, at) => writeToolCall(completion, call, at).whole);
  const content = pieces.length === 0 && tool_calls.length > 0 ? null : pieces.join('');
  return {
    role: 'assistant',
    content,
    ...(tool_calls.length > 0 ? { tool_calls } : {}),
    refusal: null,
    annotations: [],
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
  const completion = createCompletion(request, undefined, context);
  return brokenParts(wordError(error, request.model), completion, readForm(request));
}

/** 2026-01-01, the same for every model: nothing should depend on it. */
const CREATED_SECONDS = 1_767_225_600;

function showModel(id: string | undefined) {
  return { id, object: 'model', created: CREATED_SECONDS, owned_by: 'system' };
}

function jsonAnswer(value: unknown, headers: readonly string[]): WholeAnswer {
  return createWholeAnswer(`${JSON.stringify(value, undefined, 2)}\n`, { status: 200, headers });
}
