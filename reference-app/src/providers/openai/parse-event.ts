import { z } from 'zod';
import type { ErrorBody } from '../../errors/api-error.ts';
import type { JsonObject, StreamEvent } from '../provider.ts';
import { ProviderCutError } from '../provider-error.ts';
import { redactKeys } from '../redact-keys.ts';
import { parseUsage } from './parse-usage.ts';

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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

const codeSchema = z.union([z.string(), z.number()]).nullish().catch(undefined);
const errorSchema = z.object({
  message: z.string(),
  type: z.string().nullish().catch(undefined),
  param: z.string().nullish().catch(undefined),
  code: codeSchema,
});

/** The inside of an error envelope; servers that speak OpenAI's protocol vary it in every way. */
export function parseErrorBody(error: unknown, fallbackMessage: string, apiKey: string): ErrorBody {
  const redact = (text: string): string => redactKeys(text, apiKey);
  const parsed = errorSchema.safeParse(error);
  if (!parsed.success) {
    const message = typeof error === 'string' ? error : fallbackMessage;
    return { message: redact(message), type: 'provider_error', param: null, code: null };
  }
  const { message, type, param, code } = parsed.data;
  return {
    message: redact(message),
    type: redact(type ?? 'provider_error'),
    param: typeof param === 'string' ? redact(param) : null,
    code: typeof code === 'string' ? redact(code) : (code ?? null),
  };
}

/** One `data:` of OpenAI's stream. Throws ProviderCutError on what is not a JSON object. */
export function parseEvent(data: string, apiKey: string): StreamEvent {
  if (data === '[DONE]') return { kind: 'end' };
  const chunk = parseObject(data);
  // An error may come inside a 200 stream, after any number of deltas.
  if (chunk['error'] !== undefined && chunk['error'] !== null) {
    return { kind: 'error', body: parseErrorBody(chunk['error'], 'The provider failed.', apiKey) };
  }
  const choices: readonly unknown[] = Array.isArray(chunk['choices']) ? chunk['choices'] : [];
  const usage = chunk['usage'] == null ? undefined : parseUsage(chunk['usage']);
  return {
    kind: 'chunk',
    chunk,
    text: data,
    hasContent: choices.some(hasContent),
    isUsageOnly: choices.length === 0 && usage !== undefined,
    modelServed: isFilled(chunk['model']) ? String(chunk['model']) : undefined,
    usage,
  };
}

function parseObject(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw new ProviderCutError('The provider sent an event that is not JSON.', { cause });
  }
  throw new ProviderCutError('The provider sent an event that is not a JSON object.');
}
