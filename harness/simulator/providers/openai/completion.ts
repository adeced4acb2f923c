import type { TokenClasses } from '../../ledger.ts';
import { hexId } from '../../made-up.ts';
import type { GeneratedAnswer } from '../../script.ts';
import type { AnswerContext } from '../wire.ts';
import type { ChatRequest } from './requests.ts';

/** Everything one generated completion says, plain or streaming. */
export interface Completion {
  readonly id: string;
  readonly createdSeconds: number;
  readonly model: string;
  readonly tokens: TokenClasses;
  readonly finishReason: 'stop' | 'length';
  readonly sendsUsage: boolean;
}

/** What a script asks for, or what follows from the request. */
export function createCompletion(
  chat: ChatRequest,
  script: GeneratedAnswer | undefined,
  { callId, nowMs }: AnswerContext,
): Completion {
  const asked = script ?? unasked(chat);
  const { inputTokens, cachedInputTokens = 0, outputTokens, reasoningTokens = 0 } = asked;
  const made = outputTokens + reasoningTokens;
  return {
    id: `chatcmpl-${hexId('openai completion', callId, 29)}`,
    createdSeconds: Math.floor(nowMs / 1000),
    model: asked.modelServed ?? chat.model ?? '',
    tokens: {
      input: inputTokens,
      cachedInput: cachedInputTokens,
      cacheWrite: 0,
      output: outputTokens,
      reasoning: reasoningTokens,
    },
    finishReason: made >= (limitOf(chat) ?? Number.POSITIVE_INFINITY) ? 'length' : 'stop',
    sendsUsage: asked.sendsUsage ?? true,
  };
}

const OUTPUT_TOKENS = 16;
const CHARS_PER_TOKEN = 4;

/** Without a script an answer follows from the request alone. */
function unasked(chat: ChatRequest): GeneratedAnswer {
  const chars = JSON.stringify(chat.messages).length;
  const outputTokens = Math.min(limitOf(chat) ?? OUTPUT_TOKENS, OUTPUT_TOKENS);
  return { kind: 'generated', inputTokens: Math.ceil(chars / CHARS_PER_TOKEN), outputTokens };
}

function limitOf(chat: ChatRequest): number | undefined {
  return chat.max_completion_tokens ?? chat.max_tokens ?? undefined;
}
