import { z } from 'zod';
import type { JsonObject } from '../json-object.ts';
import { partsOf, type TextPart, textPart } from '../text-parts.ts';

const imageBlock = z.object({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
    z.object({ type: z.literal('url'), url: z.string() }),
  ]),
});
const toolResult = z.object({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: partsOf(textPart),
});
const toolUse = z.object({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
});
/** Signed for its own model, so it says nothing to any other. */
const thought = z.object({ type: z.enum(['thinking', 'redacted_thinking']) });

export const systemSchema = partsOf(textPart);
const messageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: systemSchema }),
  z.object({
    role: z.literal('user'),
    content: partsOf(z.discriminatedUnion('type', [textPart, imageBlock, toolResult])),
  }),
  z.object({
    role: z.literal('assistant'),
    content: partsOf(z.discriminatedUnion('type', [textPart, toolUse, thought])),
  }),
]);

export const messagesSchema = z.array(messageSchema);
type Message = z.infer<typeof messageSchema>;
type MessageOf<Role extends Message['role']> = Extract<Message, { role: Role }>;

/** The conversation in OpenAI's words, its system first. */
export function translateMessages(
  system: readonly TextPart[],
  messages: readonly Message[],
): readonly JsonObject[] {
  const first = system.length > 0 ? [{ role: 'system', content: toContent(system) }] : [];
  return [...first, ...messages.flatMap(toMessages)];
}

function toMessages(message: Message): readonly JsonObject[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: toContent(message.content) }];
    case 'user':
      return fromUser(message);
    case 'assistant':
      return [fromAssistant(message)];
  }
}

/** What tools said comes first: each result is a message of its own, right after the calls. */
function fromUser({ content }: MessageOf<'user'>): readonly JsonObject[] {
  const results: JsonObject[] = [];
  const parts: JsonObject[] = [];
  for (const block of content) {
    if (block.type === 'tool_result') {
      const { tool_use_id, content: said } = block;
      results.push({ role: 'tool', tool_call_id: tool_use_id, content: toContent(said) });
    } else if (block.type === 'image') {
      parts.push({ type: 'image_url', image_url: { url: toUrl(block.source) } });
    } else {
      parts.push(block);
    }
  }
  return parts.length > 0 ? [...results, { role: 'user', content: toContent(parts) }] : results;
}

function fromAssistant({ content }: MessageOf<'assistant'>): JsonObject {
  const texts = content.filter((block) => block.type === 'text');
  const calls = content.filter((block) => block.type === 'tool_use');
  return {
    role: 'assistant',
    content: texts.length > 0 ? toContent(texts) : null,
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ id, name, input }) => ({
        id,
        type: 'function',
        function: { name, arguments: JSON.stringify(input) },
      })),
    }),
  };
}

/** One text is sent as a string, which every server that speaks this protocol understands. */
function toContent(parts: readonly JsonObject[]): unknown {
  const [first, ...others] = parts;
  if (first === undefined) return '';
  return others.length === 0 && first['type'] === 'text' ? first['text'] : parts;
}

function toUrl(source: z.infer<typeof imageBlock>['source']): string {
  return source.type === 'url' ? source.url : `data:${source.media_type};base64,${source.data}`;
}
