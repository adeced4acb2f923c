import type { JsonObject } from '../../shapes/json-object.ts';
import type { PlainAnswer } from '../provider.ts';
import { ProviderAnswerError } from '../provider-error.ts';
import { parseErrorBody } from './parse-error.ts';
import { type Candidate, finishOf, parseResponse, toOpenAiUsage } from './parse-response.ts';

interface Answered {
  readonly status: number;
  readonly body: JsonObject;
  readonly apiKey: string;
  /** For an answer that names no model. */
  readonly modelRequested: string;
}

/** A plain answer as a chat completion. Throws ProviderAnswerError for an error inside a 200. */
export function parseAnswer({ status, body, apiKey, modelRequested }: Answered): PlainAnswer {
  const error = parseErrorBody(body['error'], apiKey);
  if (error !== undefined) throw new ProviderAnswerError(status, error);
  const { id, modelServed, candidates, usage } = parseResponse(body);
  const completion = {
    id,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1_000),
    model: modelServed ?? modelRequested,
    choices: candidates.map(toChoice),
    ...(usage !== undefined && { usage: toOpenAiUsage(usage) }),
  };
  return {
    status,
    body: completion,
    text: JSON.stringify(completion),
    modelServed,
    usage,
    contentCharacters: candidates.reduce((sum, candidate) => sum + charactersOf(candidate), 0),
  };
}

function toChoice({ index, content, reasoning, toolCalls, finishReason }: Candidate): JsonObject {
  const hasCalled = toolCalls.length > 0;
  return {
    index,
    message: {
      role: 'assistant',
      content: content === '' && hasCalled ? null : content,
      refusal: null,
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(hasCalled && { tool_calls: toolCalls }),
    },
    logprobs: null,
    finish_reason: finishOf(finishReason ?? 'stop', { hasCalled }),
  };
}

function charactersOf({ content, reasoning, toolCalls }: Candidate): number {
  const written = toolCalls.map((call) => call.function.arguments);
  return [content, reasoning, ...written].reduce((sum, text) => sum + text.length, 0);
}
