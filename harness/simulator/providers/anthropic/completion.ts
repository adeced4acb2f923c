import { hexId } from '../../made-up.ts';
import type { GeneratedAnswer } from '../../script.ts';
import { type PlannedCompletion, planCompletion } from '../plan-completion.ts';
import type { AnswerContext } from '../wire.ts';
import { findModel } from './models.ts';
import type { MessagesRequest } from './requests.ts';

/** Everything one generated message says, plain or streaming. */
export interface Completion extends PlannedCompletion {
  readonly id: string;
  readonly stopReason: string;
}

const STOP_REASONS = { stop: 'end_turn', length: 'max_tokens', 'tool calls': 'tool_use' };

export function createCompletion(
  { model, system, messages, max_tokens, output_config }: MessagesRequest,
  script: GeneratedAnswer | undefined,
  { callId }: AnswerContext,
): Completion {
  const served = findModel(model ?? '')?.id ?? model;
  const prompt = [system, messages];
  const schema = output_config?.format?.schema;
  const plan = planCompletion(
    { model: served, prompt, outputTokensMax: max_tokens, schema },
    script,
  );
  const id = hexId('anthropic message', callId, 24);
  return { ...plan, id: `msg_${id}`, stopReason: STOP_REASONS[plan.ending] };
}

/** A block of content, and what a stream sends of it one after the other. */
export interface Block {
  readonly opening: object;
  readonly whole: object;
  readonly deltas: readonly object[];
}

/** The text, if there is any, and one block per tool call. */
export function writeBlocks({ id, choices: [text = []], toolCalls }: Completion): Block[] {
  const textBlock = {
    opening: { type: 'text', text: '' },
    whole: { type: 'text', text: text.join('') },
    deltas: text.map((piece) => ({ type: 'text_delta', text: piece })),
  };
  const callBlocks = toolCalls.map((call, index) => {
    const head = { type: 'tool_use', id: `toolu_${id.slice(-20)}${index}`, name: call.name };
    return {
      opening: { ...head, input: {} },
      whole: { ...head, input: call.arguments },
      deltas: call.pieces.map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
    };
  });
  return [...(text.length > 0 ? [textBlock] : []), ...callBlocks];
}

/** The message as a plain answer gives it, and as message_start opens it. */
export function messageHead({ model, id }: Completion) {
  return { model, id, type: 'message', role: 'assistant' };
}
