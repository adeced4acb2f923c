import { z } from 'zod';
import type { Told } from './case.ts';
import { parseArguments } from './parse-arguments.ts';

const text = z.string().default('');

/** A block of a message; in a stream it is empty, and its pieces follow. */
const blockSchema = z.looseObject({
  type: z.string(),
  text,
  thinking: text,
  id: text,
  name: text,
  input: z.unknown().optional(),
});

const deltaSchema = z.looseObject({
  type: z.string().optional(),
  text,
  thinking: text,
  partial_json: text,
  stop_reason: z.string().nullish(),
});

/** A message or an event of its stream, in Anthropic's shape. */
const messageSchema = z.looseObject({
  type: z.string(),
  content: z.array(blockSchema).default([]),
  stop_reason: z.string().nullish(),
  index: z.number().default(0),
  content_block: blockSchema.optional(),
  delta: deltaSchema.optional(),
});

type Block = z.infer<typeof blockSchema> & { json: string };

/** What a message says, plain or as a stream. */
export function readMessage(said: readonly unknown[]): Partial<Told> {
  const blocks: Block[] = [];
  let finish = '';
  for (const event of said.map((one) => messageSchema.parse(one))) {
    const { index, content, content_block: begun, delta } = event;
    blocks.push(...content.map((block) => ({ ...block, json: JSON.stringify(block.input) })));
    if (begun !== undefined) blocks[index] = { ...begun, json: '' };
    const block = blocks[index];
    if (block !== undefined && delta !== undefined) append(block, delta);
    finish = event.stop_reason ?? delta?.stop_reason ?? finish;
  }
  const of = (type: string) => blocks.filter((block) => block.type === type);
  return {
    text: of('text')
      .map((block) => block.text)
      .join(''),
    reasoning: of('thinking')
      .map((block) => block.thinking)
      .join(''),
    toolCalls: of('tool_use').map(({ id, name, json }) => ({
      id,
      name,
      arguments: parseArguments(json),
    })),
    finish,
  };
}

/** A piece says what it is a piece of. */
function append(block: Block, delta: z.infer<typeof deltaSchema>): void {
  if (delta.type === 'text_delta') block.text += delta.text;
  if (delta.type === 'thinking_delta') block.thinking += delta.thinking;
  if (delta.type === 'input_json_delta') block.json += delta.partial_json;
}
