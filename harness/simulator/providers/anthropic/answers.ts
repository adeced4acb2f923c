import { type Answer, createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import type { GeneratedAnswer } from '../../script.ts';
import type { AnswerContext, ProviderRequest } from '../wire.ts';
import { type Completion, createCompletion, messageHead, writeBlocks } from './completion.ts';
import { apiHeaders, rateLimitHeaders } from './headers.ts';
import { type AnthropicModel, findModel, MODELS } from './models.ts';
import { readMessages } from './requests.ts';
import { streamParts } from './stream.ts';
import { writeUsage } from './usage.ts';

export function generate(
  request: ProviderRequest,
  asked: GeneratedAnswer | undefined,
  context: AnswerContext,
): Answer {
  switch (request.operation.name) {
    case 'models.list':
      return jsonAnswer(listModels(), context);
    case 'models.get':
      return jsonAnswer(showModel(findModel(request.model ?? '') ?? MODELS[0]), context);
    default: {
      const completion = createCompletion(readMessages(request), asked, context);
      return request.isStream
        ? streamAnswer(completion, context)
        : plainAnswer(completion, context);
    }
  }
}

function plainAnswer(completion: Completion, context: AnswerContext): WholeAnswer {
  const { model, tokens, stopReason, sendsUsage } = completion;
  const body = {
    ...messageHead(completion),
    content: writeBlocks(completion).map(({ whole }) => whole),
    stop_reason: stopReason,
    stop_sequence: null,
    stop_details: null,
    ...(sendsUsage ? { usage: writeUsage(tokens) } : {}),
  };
  const usage = sendsUsage ? tokens : undefined;
  const headers = [...apiHeaders('application/json', context), ...rateLimitHeaders(context)];
  return createWholeAnswer(JSON.stringify(body), {
    status: 200,
    headers,
    modelServed: model,
    usage,
  });
}

function streamAnswer(completion: Completion, context: AnswerContext): Answer {
  const type = 'text/event-stream; charset=utf-8';
  const cache = ['cache-control', 'no-cache'];
  return {
    kind: 'stream',
    status: 200,
    headers: [...apiHeaders(type, context), ...cache, ...rateLimitHeaders(context)],
    modelServed: completion.model,
    parts: streamParts(completion),
  };
}

function listModels() {
  const data = MODELS.map(showModel);
  return { data, has_more: false, first_id: data.at(0)?.id, last_id: data.at(-1)?.id };
}

function showModel(model: AnthropicModel | undefined) {
  return {
    type: 'model',
    id: model?.id,
    display_name: model?.displayName,
    created_at: model?.createdAt,
  };
}

function jsonAnswer(value: unknown, context: AnswerContext): WholeAnswer {
  const headers = apiHeaders('application/json', context);
  return createWholeAnswer(JSON.stringify(value), { status: 200, headers });
}
