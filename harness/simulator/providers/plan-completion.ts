import type { TokenClasses } from '../ledger.ts';
import type { GeneratedAnswer } from '../script.ts';

/** What a generated completion says at any provider. */
export interface PlannedCompletion {
  readonly model: string;
  readonly tokens: TokenClasses;
  /** true: the request's limit of output tokens has ended the answer. */
  readonly isCutShort: boolean;
  readonly sendsUsage: boolean;
}

/** What of a request decides about its generated answer. */
export interface CompletionRequest {
  readonly model: string | undefined;
  /** Everything that the model reads. */
  readonly prompt: unknown;
  /** The request's own limit; undefined when it has none. */
  readonly outputTokensMax: number | undefined;
}

/** What a script asks for, or what follows from the request alone. */
export function planCompletion(
  request: CompletionRequest,
  script: GeneratedAnswer | undefined,
): PlannedCompletion {
  const asked = script ?? unasked(request);
  const { outputTokens, reasoningTokens = 0 } = asked;
  const tokensMax = request.outputTokensMax ?? Number.POSITIVE_INFINITY;
  return {
    model: asked.modelServed ?? request.model ?? '',
    tokens: {
      input: asked.inputTokens,
      cachedInput: asked.cachedInputTokens ?? 0,
      cacheWrite: asked.cacheWriteTokens ?? 0,
      output: outputTokens,
      reasoning: reasoningTokens,
    },
    isCutShort: outputTokens + reasoningTokens >= tokensMax,
    sendsUsage: asked.sendsUsage ?? true,
  };
}

const OUTPUT_TOKENS = 16;
const CHARS_PER_TOKEN = 4;

function unasked({ prompt, outputTokensMax }: CompletionRequest): GeneratedAnswer {
  const chars = JSON.stringify(prompt)?.length ?? 0;
  const outputTokens = Math.min(outputTokensMax ?? OUTPUT_TOKENS, OUTPUT_TOKENS);
  return { kind: 'generated', inputTokens: Math.ceil(chars / CHARS_PER_TOKEN), outputTokens };
}
