import { isJsonObject } from '../../shapes/json-object.ts';
import { parseJsonObject } from '../json-body.ts';
import type { StreamEvent } from '../provider.ts';
import { parseErrorBody } from './parse-error.ts';
import { parseUsage } from './parse-usage.ts';

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function hasToolArguments(call: unknown): boolean {
  return (
    isJsonObject(call) && isJsonObject(call['function']) && isFilled(call['function']['arguments'])
  );
}

function hasContent(choice: unknown): boolean {
  const delta = isJsonObject(choice) ? choice['delta'] : undefined;
  if (!isJsonObject(delta)) return false;
  if (isFilled(delta['content']) || isFilled(delta['refusal'])) return true;
  if (isFilled(delta['reasoning_content']) || isFilled(delta['reasoning'])) return true;
  return Array.isArray(delta['tool_calls']) && delta['tool_calls'].some(hasToolArguments);
}

/** One `data:` of OpenAI's stream. Throws ProviderCutError on what is not a JSON object. */
export function parseEvent(text: string, apiKey: string): StreamEvent {
  if (text === '[DONE]') return { kind: 'end' };
  const data = parseJsonObject(text);
  // An error may come inside a 200 stream, after any number of deltas.
  if (data['error'] !== undefined && data['error'] !== null) {
    return { kind: 'error', body: parseErrorBody(data['error'], 'The provider failed.', apiKey) };
  }
  const choices: readonly unknown[] = Array.isArray(data['choices']) ? data['choices'] : [];
  const tokens = data['usage'] == null ? undefined : parseUsage(data['usage']);
  return {
    kind: 'chunk',
    data,
    text,
    hasContent: choices.some(hasContent),
    modelServed: isFilled(data['model']) ? String(data['model']) : undefined,
    usage: tokens && { tokens, isFinal: true },
  };
}
