import { toStopReason } from '../finish-reasons.ts';
import { isFilled, isJsonObject, type JsonObject } from '../json-object.ts';
import { readArguments } from '../tool-arguments.ts';
import { toAnthropicUsage } from '../translate-usage.ts';

const NO_USAGE = { input_tokens: 0, output_tokens: 0 };

/** A plain chat completion as a message of Anthropic's. */
export function translateAnswer(body: JsonObject): JsonObject {
  const choice = firstChoice(body);
  const message = isJsonObject(choice['message']) ? choice['message'] : {};
  const calls: readonly unknown[] = Array.isArray(message['tool_calls'])
    ? message['tool_calls']
    : [];
  const { reasoning_content: thinking, content: text, refusal } = message;
  return {
    ...messageHead(body),
    content: [
      // Nobody has signed it: it is for reading, not for sending back.
      ...(isFilled(thinking) ? [{ type: 'thinking', thinking, signature: '' }] : []),
      ...(isFilled(text) ? [{ type: 'text', text }] : []),
      ...(isFilled(refusal) ? [{ type: 'text', text: refusal }] : []),
      ...calls.filter(isJsonObject).map(toToolUse),
    ],
    stop_reason: isFilled(refusal) ? 'refusal' : toStopReason(choice['finish_reason']),
    stop_sequence: null,
    usage: toAnthropicUsage(body['usage']) ?? NO_USAGE,
  };
}

/** Anthropic answers one choice, so the others are not asked for. */
export function firstChoice({ choices }: JsonObject): JsonObject {
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isJsonObject(first) ? first : {};
}

/** What a message and the start of a stream begin with; a completion's id says which one it was. */
export function messageHead({ id, model }: JsonObject): JsonObject {
  const name = String(id).replace(/^chatcmpl-/, '');
  return { id: `msg_${name}`, type: 'message', role: 'assistant', model };
}

function toToolUse({ id, function: called }: JsonObject): JsonObject {
  const { name, arguments: text } = isJsonObject(called) ? called : {};
  return { type: 'tool_use', id, name, input: readArguments(String(text ?? '')) };
}
