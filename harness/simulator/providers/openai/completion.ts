import { hexId } from '../../made-up.ts';
import type { GeneratedAnswer } from '../../script.ts';
import { type PlannedCompletion, planCompletion } from '../plan-completion.ts';
import type { AnswerContext, ProviderRequest } from '../wire.ts';
import { readChat } from './requests.ts';

/** Everything one generated completion says, plain or streaming. */
export interface Completion extends PlannedCompletion {
  readonly id: string;
  readonly createdSeconds: number;
  readonly finishReason: 'stop' | 'length';
}

export function createCompletion(
  request: ProviderRequest,
  script: GeneratedAnswer | undefined,
  { callId, nowMs }: AnswerContext,
): Completion {
  const { messages, max_completion_tokens, max_tokens } = readChat(request);
  const outputTokensMax = max_completion_tokens ?? max_tokens ?? undefined;
  const { model } = request;
  const plan = planCompletion({ model, prompt: messages, outputTokensMax }, script);
  return {
    ...plan,
    id: `chatcmpl-${hexId('openai completion', callId, 29)}`,
    createdSeconds: Math.floor(nowMs / 1000),
    finishReason: plan.isCutShort ? 'length' : 'stop',
  };
}
