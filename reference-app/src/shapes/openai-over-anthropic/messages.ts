import { z } from 'zod';
import type { JsonObject } from '../json-object.ts';
import { partsOf, textPart } from '../text-parts.ts';
import { argumentsText } from '../tool-arguments.ts';
import { unsaid } from '../unsaid.ts';

const imagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({ url: z.string() }),
});
const refusalPart = z
  .object({ type: z.literal('refusal'), refusal: z.string() })
  .transform(({ refusal }) => ({ type: 'text' as const, text: refusal }));

const messageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content: partsOf(textPart) }),
  z.object({
    role: z.literal('user'),
    content: partsOf(z.discriminatedUnion('type', [textPart, imagePart])),
  }),
  z.object({
    role: z.literal('assistant'),
    content: partsOf(z.discriminatedUnion('type', [textPart, refusalPart])),
    refusal: z.string().nullish(),
    tool_calls: z
      .array(
        z.object({
          id: z.string(),
          function: z.object({ name: z.string(), arguments: argumentsText }),
        }),
      )
      .nullish(),
    function_call: unsaid,
  }),
  z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: partsOf(textPart) }),
]);

export const messagesSchema = z.array(messageSchema);
type Message = z.infer<typeof messageSchema>;
type Part = z.infer<typeof textPart> | z.infer<typeof imagePart>;

/** The conversation in Anthropic's words: the system apart, and user and assistant in turns. */
export function translateMessages(messages: readonly Message[]): {
  readonly system: readonly JsonObject[];
  readonly messages: readonly JsonObject[];
} {
  const system: JsonObject[] = [];
  const turns: { readonly role: string; readonly content: JsonObject[] }[] = [];
  for (const message of messages) {
    const blocks = toBlocks(message);
    if (message.role === 'system' || message.role === 'developer') {
      system.push(...blocks);
      continue;
    }
    // The results of several tools belong into one turn, and a tool answers as the user.
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else turns.push({ role, content: blocks });
  }
  return { system, messages: turns };
}

function toBlocks(message: Message): JsonObject[] {
  const content = message.content.flatMap(toBlock);
  if (message.role === 'tool')
    return [{ type: 'tool_result', tool_use_id: message.tool_call_id, content }];
  if (message.role !== 'assistant') return content;
  const refused = toBlock({ type: 'text', text: message.refusal ?? '' });
  const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: input } }) => ({
    type: 'tool_use',
    id,
    name,
    input,
  }));
  return [...content, ...refused, ...calls];
}

/** Anthropic refuses an empty text, which OpenAI's clients send beside tool calls. */
function toBlock(part: Part): JsonObject[] {
  if (part.type === 'image_url')
    return [{ type: 'image', source: toImageSource(part.image_url.url) }];
  return part.text === '' ? [] : [part];
}

const DATA_URL = /^data:([^;,]+);base64,(.*)$/s;

function toImageSource(url: string): JsonObject {
  const [, media_type, data] = DATA_URL.exec(url) ?? [];
  return data === undefined ? { type: 'url', url } : { type: 'base64', media_type, data };
}
