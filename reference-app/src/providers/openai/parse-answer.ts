import { isJsonObject, type JsonObject } from '../../shapes/json-object.ts';
import { parseJsonObject } from '../json-body.ts';
import type { PlainAnswer } from '../provider.ts';
import { ProviderAnswerError, ProviderCutError } from '../provider-error.ts';
import { parseErrorBody } from './parse-error.ts';
import { parseUsage } from './parse-usage.ts';

/** A plain answer of the chat completions. Throws ProviderAnswerError for an error inside a 200. */
export function parseAnswer(status: number, text: string, apiKey: string): PlainAnswer {
  const body = parseSuccess(status, text, apiKey);
  const model = body['model'];
  return {
    status,
    body,
    text,
    modelServed: typeof model === 'string' && model !== '' ? model : undefined,
    usage: parseUsage(body['usage']),
    contentCharacters: countCharacters(body),
  };
}

/** A page of a proxy or a portal is a 200 as well, and says nothing of the key. */
export function parseModelList(status: number, text: string): void {
  if (!Array.isArray(parseJsonObject(text, status)['data']))
    throw new ProviderCutError('The provider sent no list of models.', { status });
}

/** The JSON of an answer. Throws ProviderAnswerError for an error inside a 200. */
export function parseSuccess(status: number, text: string, apiKey: string): JsonObject {
  const body = parseJsonObject(text, status);
  const { error } = body;
  if (error === undefined || error === null) return body;
  throw new ProviderAnswerError(status, parseErrorBody(error, 'The provider failed.', apiKey));
}

/** Texts, refusals and tool arguments: everything that the model wrote. */
function countCharacters({ choices }: JsonObject): number {
  if (!Array.isArray(choices)) return 0;
  const messages = choices.map((choice: unknown) => isJsonObject(choice) && choice['message']);
  const texts = messages.filter(isJsonObject).flatMap((message) => {
    const calls: readonly unknown[] = Array.isArray(message['tool_calls'])
      ? message['tool_calls']
      : [];
    const written = calls.map((call) => isJsonObject(call) && call['function']);
    return [
      message['content'],
      message['refusal'],
      ...written.filter(isJsonObject).map((call) => call['arguments']),
    ];
  });
  return texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? text.length : 0), 0);
}
