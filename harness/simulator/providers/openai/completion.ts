import { hexId } from '../../made-up.ts';
import type { GeneratedAnswer } from '../../script.ts';
import {
  type PlannedCompletion,
  type PlannedToolCall,
  planCompletion,
} from '../plan-completion.ts';
import type { AnswerContext, ProviderRequest } from '../wire.ts';
import { readChat } from './requests.ts';

/** Everything one generated completion says, plain or streaming. */
export interface Completion extends PlannedCompletion {
  readonly id: string;
  readonly createdSeconds: number;
}

export function createCompletion(
  request: ProviderRequest,
  script: GeneratedAnswer | undefined,
  { callId, nowMs }: AnswerContext,
): Completion {
  const { messages, max_completion_tokens, max_tokens, n, response_format } = readChat(request);
  const schemas: Readonly<Record<string, unknown>> = {
    json_object: {},
    json_schema: response_format?.json_schema?.schema,
  };
  const plan = planCompletion(
    {
      model: request.model,
      prompt: messages,
      outputTokensMax: max_completion_tokens ?? max_tokens ?? undefined,
      choices: n ?? undefined,
      schema: schemas[response_format?.type ?? ''],
    },
    script,
  );
  return {
    ...plan,
    id: `chatcmpl-${hexId('openai completion', callId, 29)}`,
    createdSeconds: Math.floor(nowMs / 1000),
  };
}

/** Why a choice ends; tools are called by the first one alone. */
export function finishReason({ ending }: Completion, choice: number): string {
  if (ending === 'tool calls') {
    return choice === 0 ? 'tool_calls' : 'stop';
  }
  return ending;
}

/** A tool call with the arguments that are there already. */
export function writeToolCall({ id }: Completion, call: PlannedToolCall, index: number) {
  const of = (args: string) => ({
    id: `call_${id.slice(-20)}${index}`,
    type: 'function',
    function: { name: call.name, arguments: args },
  });
  return { opening: of(''), whole: of(call.pieces.join('')) };
}
