import { hexId } from '../../made-up.ts';
import type { GeneratedAnswer } from '../../script.ts';
import { type PlannedCompletion, planCompletion } from '../plan-completion.ts';
import type { AnswerContext } from '../wire.ts';
import { findModel } from './models.ts';
import type { MessagesRequest } from './requests.ts';

/** Everything one generated message says, plain or streaming. */
export interface Completion extends PlannedCompletion {
  readonly id: string;
  readonly stopReason: 'end_turn' | 'max_tokens';
}

export function createCompletion(
  { model, system, messages, max_tokens }: MessagesRequest,
  script: GeneratedAnswer | undefined,
  { callId }: AnswerContext,
): Completion {
  const served = findModel(model ?? '')?.id ?? model;
  const prompt = [system, messages];
  const plan = planCompletion({ model: served, prompt, outputTokensMax: max_tokens }, script);
  return {
    ...plan,
    id: `msg_${hexId('anthropic message', callId, 24)}`,
    stopReason: plan.isCutShort ? 'max_tokens' : 'end_turn',
  };
}

/** The message as a plain answer gives it, and as message_start opens it. */
export function messageHead({ model, id }: Completion) {
  return { model, id, type: 'message', role: 'assistant' };
}
