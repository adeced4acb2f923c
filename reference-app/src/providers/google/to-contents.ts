import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../shapes/json-object.ts';

const DATA_URL = /^data:(?<mimeType>[^;,]+);base64,(?<data>.*)$/s;

const partSchema = z.union(
  [
    z.object({ type: z.literal('text'), text: z.string() }),
    z.object({ type: z.literal('refusal'), refusal: z.string() }),
    z.object({
      type: z.literal('image_url'),
      image_url: z.object({ url: z.string().regex(DATA_URL, { error: 'must be a data: URL' }) }),
    }),
    z.object({
      type: z.literal('input_audio'),
      input_audio: z.object({ data: z.string(), format: z.string() }),
    }),
  ],
  { error: 'must be a text, an image as a data: URL or audio: Gemini gets no other content' },
);
type ContentPart = z.infer<typeof partSchema>;

const contentSchema = z.union([z.string(), z.array(partSchema)]).nullish();

const toolCallSchema = z.object({
  id: z.string(),
  function: z.object({ name: z.string(), arguments: z.string().transform(parseArguments) }),
  extra_content: z
    .object({ google: z.object({ thought_signature: z.string() }) })
    .optional()
    .catch(undefined),
});

/** A message of a chat completion, as far as Gemini can be told of it. */
export const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: contentSchema,
  tool_calls: z.array(toolCallSchema).nullish(),
  tool_call_id: z.string().optional(),
});
export type Message = z.infer<typeof messageSchema>;

function parseArguments(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
}

interface Content {
  readonly role: 'user' | 'model';
  readonly parts: JsonObject[];
}

/** The conversation as Gemini's: system texts apart, two roles, results of tools by their name. */
export function toContents(messages: readonly Message[]): JsonObject {
  const system = messages.filter(({ role }) => role === 'system' || role === 'developer');
  const contents = new Contents();
  for (const message of messages) {
    if (message.role === 'user') contents.add('user', toParts(message.content));
    if (message.role === 'assistant') contents.addAnswer(message);
    if (message.role === 'tool') contents.addToolResult(message);
  }
  return {
    ...(system.length > 0 && {
      systemInstruction: { parts: system.flatMap(({ content }) => toParts(content)) },
    }),
    contents: contents.list,
  };
}

class Contents {
  readonly list: Content[] = [];
  readonly #toolNames = new Map<string, string>();
  /** The results that follow one answer: Gemini wants them in one content. */
  #results: Content | undefined;

  add(role: Content['role'], parts: JsonObject[]): void {
    this.#results = undefined;
    if (parts.length > 0) this.list.push({ role, parts });
  }

  addAnswer({ content, tool_calls: calls }: Message): void {
    const called = (calls ?? []).map(({ id, function: { name, arguments: args }, ...call }) => {
      this.#toolNames.set(id, name);
      const signature = call.extra_content?.google.thought_signature;
      return { functionCall: { id, name, args }, thoughtSignature: signature };
    });
    this.add('model', [...toParts(content), ...called]);
  }

  addToolResult({ content, tool_call_id: id = '' }: Message): void {
    const text = toParts(content)
      .map((part) => part['text'] ?? '')
      .join('');
    const name = this.#toolNames.get(id) ?? id;
    const part = { functionResponse: { id, name, response: toResult(text) } };
    if (this.#results !== undefined) {
      this.#results.parts.push(part);
      return;
    }
    this.#results = { role: 'user', parts: [part] };
    this.list.push(this.#results);
  }
}

function toParts(content: Message['content']): JsonObject[] {
  if (content == null) return [];
  return typeof content === 'string' ? [{ text: content }] : content.map(toPart);
}

function toPart(part: ContentPart): JsonObject {
  if (part.type === 'text') return { text: part.text };
  if (part.type === 'refusal') return { text: part.refusal };
  if (part.type === 'input_audio') {
    const { data, format } = part.input_audio;
    return { inlineData: { mimeType: `audio/${format}`, data } };
  }
  return { inlineData: { ...DATA_URL.exec(part.image_url.url)?.groups } };
}

/** Gemini takes objects only. */
function toResult(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Most results are plain text.
  }
  return { result: text };
}
