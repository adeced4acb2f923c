import { z } from 'zod';
import { parseBody } from '../../openapi/zod-schemas.ts';
import { type JsonObject, withoutNulls } from '../json-object.ts';
import { unsaid } from '../unsaid.ts';
import { messagesSchema, systemSchema, translateMessages } from './messages.ts';

/** Without effect on the answer, or with one that OpenAI's models choose themselves. */
const DROPPED: readonly string[] = ['cache_control', 'service_tier', 'thinking', 'diagnostics'];

const unspoken = {
  top_k: unsaid,
  container: unsaid,
  context_management: unsaid,
  mcp_servers: unsaid,
  speed: unsaid,
};

const isSerial = z.boolean().nullish();
const requestSchema = z.looseObject({
  system: systemSchema,
  messages: messagesSchema,
  max_tokens: z.number(),
  stop_sequences: z.array(z.string()).nullish(),
  tools: z
    .array(
      z.object({
        type: z.literal('custom').nullish(),
        name: z.string(),
        description: z.string().nullish(),
        input_schema: z.record(z.string(), z.unknown()),
        strict: z.boolean().nullish(),
      }),
    )
    .nullish(),
  tool_choice: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('auto'), disable_parallel_tool_use: isSerial }),
      z.object({ type: z.literal('any'), disable_parallel_tool_use: isSerial }),
      z.object({ type: z.literal('tool'), name: z.string(), disable_parallel_tool_use: isSerial }),
      z.object({ type: z.literal('none') }),
    ])
    .nullish(),
  output_config: z
    .object({
      effort: z.enum(['low', 'medium', 'high', 'xhigh']).nullish(),
      format: z
        .object({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) })
        .nullish(),
    })
    .nullish(),
  metadata: z.object({ user_id: z.string().nullish() }).nullish(),
  ...unspoken,
});

type Request = z.infer<typeof requestSchema>;

/**
 * A call of Anthropic's messages in OpenAI's words. What Anthropic does not know either is passed
 * on as it is. Throws ApiError 400 naming the field that OpenAI has no words for.
 */
export function translateRequest(body: JsonObject): JsonObject {
  const {
    system,
    messages,
    max_tokens,
    stop_sequences,
    tools,
    tool_choice,
    output_config,
    metadata,
    ...others
  } = parseBody(requestSchema, body);
  return withoutNulls({
    ...withoutDropped(others),
    messages: translateMessages(system, messages),
    // The older max_tokens is refused by models that reason.
    max_completion_tokens: max_tokens,
    stop: stop_sequences,
    tools: tools?.map(toTool),
    ...toToolChoice(tool_choice),
    response_format: toResponseFormat(output_config?.format?.schema),
    reasoning_effort: output_config?.effort,
    user: metadata?.user_id,
  });
}

function withoutDropped(fields: JsonObject): JsonObject {
  const isSaid = (name: string): boolean => !DROPPED.includes(name) && !(name in unspoken);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => isSaid(name)));
}

function toTool({
  name,
  description,
  input_schema,
  strict,
}: NonNullable<Request['tools']>[number]) {
  const described = withoutNulls({ name, description, parameters: input_schema, strict });
  return { type: 'function', function: described };
}

function toToolChoice(choice: Request['tool_choice']): JsonObject {
  if (choice == null) return {};
  if (choice.type === 'none') return { tool_choice: 'none' };
  const named = choice.type === 'tool' && { type: 'function', function: { name: choice.name } };
  return {
    tool_choice: named || (choice.type === 'any' ? 'required' : 'auto'),
    ...(choice.disable_parallel_tool_use === true && { parallel_tool_calls: false }),
  };
}

function toResponseFormat(schema: JsonObject | undefined): JsonObject | undefined {
  // Anthropic has no name for it, and OpenAI asks for one.
  return schema && { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } };
}
