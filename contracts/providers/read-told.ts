import { z } from 'zod';
import type { ServiceCall } from '#harness/index.ts';
import type { Told } from './case.ts';
import { parseArguments } from './parse-arguments.ts';
import { readMessage } from './read-message.ts';

const text = z.string().nullish();

const toolCallSchema = z.looseObject({
  /** In a stream: which call this is a piece of. */
  index: z.number().optional(),
  id: text,
  function: z.looseObject({ name: text, arguments: text }),
  extra_content: z
    .looseObject({ google: z.looseObject({ thought_signature: z.string() }) })
    .optional(),
});

const saidSchema = z.looseObject({
  content: text,
  reasoning_content: text,
  tool_calls: z.array(toolCallSchema).default([]),
});

/** A completion, a chunk of one, or pictures, in OpenAI's shape. */
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
});

/** An error in either shape. */
const errorSchema = z.looseObject({
  error: z.looseObject({ code: text, type: text, message: text }).optional(),
});

/** What a client is told by an answer, plain or as a stream. Throws on what is no such answer. */
export function readTold({ path, body, events }: ServiceCall): Told {
  const said = body === undefined ? events : [body];
  const { error } = errorSchema.parse(said.at(-1) ?? {});
  return withoutEmpty({
    ...(path === '/messages' ? readMessage(said) : readCompletion(said)),
    error: error?.code ?? error?.type ?? '',
    message: error?.message ?? '',
  });
}

function readCompletion(events: readonly unknown[]): Partial<Told> {
  const parsed = events.map((event) => openAiSchema.parse(event));
  const choices = parsed.flatMap((event) => event.choices);
  const parts = choices.map(({ message, delta }) => message ?? delta);
  return {
    text: parts.map((part) => part?.content ?? '').join(''),
    reasoning: parts.map((part) => part?.reasoning_content ?? '').join(''),
    toolCalls: readToolCalls(choices),
    finish: choices.findLast((choice) => choice.finish_reason)?.finish_reason ?? '',
    images: parsed.flatMap(({ data }) => data.map(({ b64_json }) => b64_json)),
  };
}

/** Whole ones as they stand; in a stream each piece says which call it belongs to. */
function readToolCalls(choices: z.infer<typeof openAiSchema>['choices']) {
  const calls: { id: string; name: string; arguments: string; signature: string }[] = [];
  for (const { message, delta } of choices) {
    for (const [place, piece] of (message ?? delta)?.tool_calls.entries() ?? []) {
      // A stream numbers its calls from 0, without gaps.
      const number = message === undefined ? z.int().max(calls.length).parse(piece.index) : place;
      const before = calls[number] ?? { id: '', name: '', arguments: '', signature: '' };
      calls[number] = {
        id: before.id + (piece.id ?? ''),
        name: before.name + (piece.function.name ?? ''),
        arguments: before.arguments + (piece.function.arguments ?? ''),
        signature: piece.extra_content?.google.thought_signature ?? before.signature,
      };
    }
  }
  return calls.map((call) => withoutEmpty({ ...call, arguments: parseArguments(call.arguments) }));
}

/** What is not there is not told. */
function withoutEmpty<T extends object>(value: T): T {
  const isThere = ([, part]: [string, unknown]) =>
    part !== undefined && part !== '' && !(Array.isArray(part) && part.length === 0);
  return Object.fromEntries(Object.entries(value).filter(isThere)) as T;
}
