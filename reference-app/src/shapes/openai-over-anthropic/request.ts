import { z } from 'zod';
import { parseBody } from '../../openapi/zod-schemas.ts';
import { type JsonObject, withoutNulls } from '../json-object.ts';
import { onlySaying, unsaid } from '../unsaid.ts';
import { messagesSchema, translateMessages } from './messages.ts';

/** Anthropic asks for a limit, OpenAI does not; every model of Anthropic's can write as much. */
const OUTPUT_TOKENS_DEFAULT = 4_096;

const toolChoice = z.union([
  z.enum(['auto', 'required', 'none']),
  z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
]);

/** Without effect on the answer, or with one that nobody is promised. */
const DROPPED: readonly string[] = [
  'stream_options',
  'seed',
  'store',
  'metadata',
  'service_tier',
  'prediction',
  'prompt_cache_key',
  'prompt_cache_retention',
  'verbosity',
];

/** They may say no more than what holds anyway, and are dropped then. */
const unspoken = {
  n: onlySaying(1),
  logprobs: onlySaying(false),
  frequency_penalty: onlySaying(0),
  presence_penalty: onlySaying(0),
  modalities: z.tuple([z.literal('text')]).nullish(),
  top_logprobs: unsaid,
  logit_bias: unsaid,
  audio: unsaid,
  functions: unsaid,
  function_call: unsaid,
  web_search_options: unsaid,
};

const requestSchema = z.looseObject({
  messages: messagesSchema,
  max_tokens: z.number().nullish(),
  max_completion_tokens: z.number().nullish(),
  temperature: z.number().max(1).nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        function: z.object({
          name: z.string(),
          description: z.string().nullish(),
          parameters: z.record(z.string(), z.unknown()).nullish(),
          strict: z.boolean().nullish(),
        }),
      }),
    )
    .nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ schema: z.record(z.string(), z.unknown()) }),
      }),
    ])
    .nullish(),
  reasoning_effort: z.enum(['low', 'medium', 'high', 'xhigh']).nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  ...unspoken,
});

type Request = z.infer<typeof requestSchema>;

/**
 * A call of OpenAI's chat completions in Anthropic's words. What OpenAI does not know either is
 * passed on as it is. Throws ApiError 400 naming the field that Anthropic has no words for.
 */
export function translateRequest(body: JsonObject): JsonObject {
  const {
    messages,
    max_tokens,
    max_completion_tokens,
    stop,
    tools,
    tool_choice,
    parallel_tool_calls,
    response_format,
    reasoning_effort,
    user,
    safety_identifier,
    ...others
  } = parseBody(requestSchema, body);
  const { system, messages: turns } = translateMessages(messages);
  const userId = safety_identifier ?? user;
  const format = toFormat(response_format);
  const output = withoutNulls({ effort: reasoning_effort, format });
  return withoutNulls({
    ...withoutDropped(others),
    system: system.length > 0 ? system : undefined,
    messages: turns,
    max_tokens: max_completion_tokens ?? max_tokens ?? OUTPUT_TOKENS_DEFAULT,
    stop_sequences: typeof stop === 'string' ? [stop] : stop,
    tools: tools?.map(toTool),
    tool_choice: toToolChoice(tool_choice, parallel_tool_calls),
    output_config: Object.keys(output).length > 0 ? output : undefined,
    metadata: userId == null ? undefined : { user_id: userId },
  });
}

function withoutDropped(fields: JsonObject): JsonObject {
  const isSaid = (name: string): boolean => !DROPPED.includes(name) && !(name in unspoken);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => isSaid(name)));
}

function toTool({ function: tool }: NonNullable<Request['tools']>[number]): JsonObject {
  const { name, description, parameters, strict } = tool;
  const input_schema = parameters ?? { type: 'object', properties: {} };
  return withoutNulls({ name, description, input_schema, strict });
}

function toToolChoice(
  choice: Request['tool_choice'],
  isParallel: Request['parallel_tool_calls'],
): JsonObject | undefined {
  const oneAtATime = isParallel === false && { disable_parallel_tool_use: true };
  if (choice == null) return oneAtATime ? { type: 'auto', ...oneAtATime } : undefined;
  if (choice === 'none') return { type: 'none' };
  if (choice === 'auto') return { type: 'auto', ...oneAtATime };
  if (choice === 'required') return { type: 'any', ...oneAtATime };
  return { type: 'tool', name: choice.function.name, ...oneAtATime };
}

function toFormat(format: Request['response_format']): JsonObject | undefined {
  if (format?.type !== 'json_schema') return undefined;
  return { type: 'json_schema', schema: format.json_schema.schema };
}
