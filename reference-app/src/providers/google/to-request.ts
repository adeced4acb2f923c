import { z } from 'zod';
import { parseBody } from '../../openapi/zod-schemas.ts';
import type { JsonObject } from '../../shapes/json-object.ts';
import { messageSchema, toContents } from './to-contents.ts';

const number = z.number().nullish();

const toolSchema = z.object({
  type: z.literal('function', { error: 'must be function' }),
  function: z.object({
    name: z.string(),
    description: z.string().optional(),
    parameters: z.unknown().optional(),
  }),
});

const toolChoiceSchema = z.union([
  z.enum(['auto', 'none', 'required']),
  z.object({ function: z.object({ name: z.string() }) }),
]);

const responseFormatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({ schema: z.unknown().optional() }),
  }),
]);

/** Left out, or turned off: what asks for nothing need not be said. */
const nothing = z
  .union([z.literal(false), z.strictObject({}), z.tuple([])], {
    error: 'is nothing that Gemini can be told',
  })
  .nullish();

const requestSchema = z.object({
  messages: z.array(messageSchema),
  temperature: number,
  top_p: number,
  max_tokens: number,
  max_completion_tokens: number,
  n: number,
  seed: number,
  presence_penalty: number,
  frequency_penalty: number,
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high']).nullish(),
  response_format: responseFormatSchema.nullish(),
  tools: z.array(toolSchema).nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  functions: nothing,
  logit_bias: nothing,
  logprobs: nothing,
  audio: nothing,
});
type ChatBody = z.infer<typeof requestSchema>;

/**
 * A chat completion as Gemini's generateContent. Throws ApiError 400 that names what Gemini has no
 * word for. What it can do without, such as `user` or `store`, is left out.
 */
export function toGenerateContent(value: JsonObject): JsonObject {
  const body = parseBody(requestSchema, value);
  const { tools, tool_choice: choice } = body;
  const config = toGenerationConfig(body);
  return {
    ...toContents(body.messages),
    ...(hasSome(config) && { generationConfig: config }),
    ...(tools != null && { tools: [{ functionDeclarations: tools.map(toDeclaration) }] }),
    ...(choice != null && { toolConfig: { functionCallingConfig: toCallingConfig(choice) } }),
  };
}

function hasSome(config: JsonObject): boolean {
  return Object.values(config).some((value) => value !== undefined);
}

/** JSON leaves out what is undefined. */
function toGenerationConfig(body: ChatBody): JsonObject {
  const { stop, reasoning_effort: effort } = body;
  return {
    temperature: body.temperature ?? undefined,
    topP: body.top_p ?? undefined,
    maxOutputTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    candidateCount: body.n ?? undefined,
    seed: body.seed ?? undefined,
    presencePenalty: body.presence_penalty ?? undefined,
    frequencyPenalty: body.frequency_penalty ?? undefined,
    stopSequences: typeof stop === 'string' ? [stop] : (stop ?? undefined),
    ...(effort != null && { thinkingConfig: toThinkingConfig(effort) }),
    ...toResponseFormat(body.response_format),
  };
}

// As Gemini's own OpenAI endpoint maps them (read 2026-11-22):
// https://ai.google.dev/gemini-api/docs/openai#thinking
const THINKING_BUDGETS = { none: 0, minimal: 1_024, low: 1_024, medium: 8_192, high: 24_576 };

function toThinkingConfig(effort: keyof typeof THINKING_BUDGETS): JsonObject {
  return { thinkingBudget: THINKING_BUDGETS[effort], includeThoughts: effort !== 'none' };
}

function toResponseFormat(format: ChatBody['response_format']): JsonObject {
  if (format == null || format.type === 'text') return {};
  const json = { responseMimeType: 'application/json' };
  if (format.type === 'json_object') return json;
  return { ...json, responseJsonSchema: format.json_schema.schema };
}

function toDeclaration({ function: declared }: z.infer<typeof toolSchema>): JsonObject {
  const { name, description, parameters } = declared;
  return { name, description, parametersJsonSchema: parameters };
}

function toCallingConfig(choice: NonNullable<ChatBody['tool_choice']>): JsonObject {
  if (typeof choice === 'object')
    return { mode: 'ANY', allowedFunctionNames: [choice.function.name] };
  return { mode: { auto: 'AUTO', none: 'NONE', required: 'ANY' }[choice] };
}
