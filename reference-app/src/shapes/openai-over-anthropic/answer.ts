import { toFinishReason } from '../finish-reasons.ts';
import { isJsonObject, type JsonObject, withoutNulls } from '../json-object.ts';
import { toOpenAiUsage } from '../translate-usage.ts';

/** A plain message of Anthropic's as a chat completion. */
export function translateAnswer(body: JsonObject): JsonObject {
  const blocks = (Array.isArray(body['content']) ? body['content'] : []).filter(isJsonObject);
  const text = textOf(blocks, 'text');
  const thinking = textOf(blocks, 'thinking');
  const calls = blocks.filter(({ type }) => type === 'tool_use').map(toCall);
  const message = {
    role: 'assistant',
    content: text === '' ? null : text,
    refusal: null,
    ...(thinking !== '' && { reasoning_content: thinking }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  const finish_reason = toFinishReason(body['stop_reason']);
  return {
    ...completionHead(body, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason }],
    ...withoutNulls({ usage: toOpenAiUsage(body['usage']) }),
  };
}

/** What a completion and each chunk of one begin with; a message's id says which one it was. */
export function completionHead({ id, model }: JsonObject, object: string): JsonObject {
  return {
    id: `chatcmpl-${String(id).replace(/^msg_/, '')}`,
    object,
    created: Math.floor(Date.now() / 1_000),
    model,
  };
}

function textOf(blocks: readonly JsonObject[], type: 'text' | 'thinking'): string {
  return blocks.map((block) => (block['type'] === type ? String(block[type]) : '')).join('');
}

function toCall({ id, name, input }: JsonObject): JsonObject {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } };
}
