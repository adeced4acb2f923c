import { isJsonObject, type JsonObject } from '../../shapes/json-object.ts';
import { parseJsonObject } from '../json-body.ts';
import type { PlainAnswer } from '../provider.ts';
import { ProviderAnswerError, ProviderCutError } from '../provider-error.ts';
import { parseErrorBody } from './parse-error.ts';
import { parseUsage } from './parse-usage.ts';

/** A plain message. Throws ProviderAnswerError for an error inside a 200. */
export function parseAnswer(status: number, text: string, apiKey: string): PlainAnswer {
  const body = parseJsonObject(text, status);
  if (body['type'] === 'error') {
    const error = parseErrorBody(body, 'The provider failed.', apiKey);
    throw new ProviderAnswerError(status, error);
  }
  const { model, content } = body;
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [];
  return {
    status,
    body,
    text,
    modelServed: typeof model === 'string' && model !== '' ? model : undefined,
    usage: parseUsage(body['usage']),
    contentCharacters: blocks
      .filter(isJsonObject)
      .reduce((sum, block) => sum + countCharacters(block), 0),
  };
}

/** A page of a proxy or a portal is a 200 as well, and says nothing of the key. */
export function parseModelList(status: number, text: string): void {
  if (!Array.isArray(parseJsonObject(text, status)['data']))
    throw new ProviderCutError('The provider sent no list of models.', { status });
}

/** Texts, thoughts and tool arguments: everything that the model wrote. */
function countCharacters({ text, thinking, input }: JsonObject): number {
  const written = text ?? thinking ?? (input === undefined ? '' : JSON.stringify(input));
  return typeof written === 'string' ? written.length : 0;
}
