import { z } from 'zod';
import type { ServiceCall } from '#harness/index.ts';
import type { Told } from './case.ts';

const text = z.string().nullish();

const errorSchema = z.looseObject({ code: text, type: text, message: text }).optional();

const toolCallSchema = z.looseObject({
  index: z.number().optional(),
  function: z.looseObject({ name: text, arguments: text }),
});

const saidSchema = z.looseObject({
  content: text,
  reasoning_content: text,
  tool_calls: z.array(toolCallSchema).optional(),
});

/** A completion, a chunk of one, pictures or an error, in OpenAI's shape. */
const openAiSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        message: saidSchema.optional(),
        delta: saidSchema.optional(),
        finish_reason: text,
      }),
    )
    .default([]),
  data: z.array(z.looseObject({ b64_json: z.string().min(1) })).default([]),
  error: errorSchema,
});

const blockSchema = z.looseObject({
  text: z.string().default(''),
  thinking: z.string().default(''),
  name: z.string().optional(),
  input: z.unknown().optional(),
});

/** A message, an event of its stream or an error, in Anthropic's shape. */
const anthropicSchema = z.looseObject({
  content: z.array(blockSchema).default([]),
  content_block: blockSchema.optional(),
  index: z.number().optional(),
  delta: z.looseObject({ text, thinking: text, partial_json: text, stop_reason: text }).default({}),
  stop_reason: text,
  error: errorSchema,
});

interface SaidCall {
  name: string;
  /** JSON. */
  arguments: string;
}

/** What is gathered of an answer; the strings grow. */
interface Said {
  text: string;
  reasoning: string;
  readonly calls: Map<number, SaidCall>;
  finish: string | undefined;
  images: number;
  error: z.infer<typeof errorSchema>;
}

/** What a client is told by an answer, plain or as a stream. Throws on what is no such answer. */
export function readTold({ path, body, events }: ServiceCall): Told {
  const said: Said = {
    text: '',
    reasoning: '',
    calls: new Map(),
    finish: undefined,
    images: 0,
    error: undefined,
  };
  const gather = path === '/messages' ? gatherAnthropic : gatherOpenAi;
  for (const event of body === undefined ? events : [body]) gather(said, event);
  return tellOf(said);
}

function gatherOpenAi(said: Said, event: unknown): void {
  const { choices, data, error } = openAiSchema.parse(event);
  said.images += data.length;
  said.error = error ?? said.error;
  for (const { message, delta, finish_reason: finish } of choices) {
    const { content, reasoning_content: reasoning, tool_calls = [] } = message ?? delta ?? {};
    said.text += content ?? '';
    said.reasoning += reasoning ?? '';
    said.finish = finish ?? said.finish;
    for (const [place, { index = place, function: called }] of tool_calls.entries()) {
      const call = callAt(said, index);
      call.name += called.name ?? '';
      call.arguments += called.arguments ?? '';
    }
  }
}

function gatherAnthropic(said: Said, event: unknown): void {
  const { content, content_block, index = 0, delta, ...message } = anthropicSchema.parse(event);
  said.error = message.error ?? said.error;
  said.finish = delta.stop_reason ?? message.stop_reason ?? said.finish;
  said.text += delta.text ?? '';
  said.reasoning += delta.thinking ?? '';
  if (delta.partial_json) callAt(said, index).arguments += delta.partial_json;
  const blocks =
    content_block === undefined ? content.entries() : [[index, content_block] as const];
  for (const [place, block] of blocks) {
    said.text += block.text;
    said.reasoning += block.thinking;
    if (block.name === undefined) continue;
    const call = callAt(said, place);
    call.name = block.name;
    // A stream begins with an empty input, and its pieces follow.
    if (content_block === undefined) call.arguments = JSON.stringify(block.input);
  }
}

function callAt({ calls }: Said, index: number): SaidCall {
  const call = calls.get(index) ?? { name: '', arguments: '' };
  calls.set(index, call);
  return call;
}

/** Those of a stream that broke off are no JSON. */
function parseArguments(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

function tellOf({ text: whole, reasoning, calls, finish, images, error }: Said): Told {
  const toolCalls = [...calls.values()].map((call) => ({
    name: call.name,
    arguments: parseArguments(call.arguments),
  }));
  return {
    ...(whole !== '' && { text: whole }),
    ...(reasoning !== '' && { reasoning }),
    ...(toolCalls.length > 0 && { toolCalls }),
    ...(finish !== undefined && { finish }),
    ...(images > 0 && { images }),
    ...(error !== undefined && {
      error: error.code ?? error.type ?? '',
      message: error.message ?? '',
    }),
  };
}
