import type { TokenClasses } from '../ledger.ts';
import { textPieces } from '../made-up.ts';
import type { GeneratedAnswer } from '../script.ts';
import { exampleOf } from './example-of.ts';

/** What a generated completion says at any provider. */
export interface PlannedCompletion {
  readonly model: string;
  readonly tokens: TokenClasses;
  /** The text of each choice in pieces: a token, and a content event of a stream, each. */
  readonly choices: readonly (readonly string[])[];
  /** They follow the text of the first choice. */
  readonly toolCalls: readonly PlannedToolCall[];
  readonly ending: 'stop' | 'length' | 'tool calls';
  readonly sendsUsage: boolean;
}

export interface PlannedToolCall {
  readonly name: string;
  readonly arguments: object;
  /** The arguments as JSON, in the pieces that a stream sends. */
  readonly pieces: readonly string[];
}

/** What of a request decides about its generated answer. */
export interface CompletionRequest {
  readonly model: string | undefined;
  /** Everything that the model reads. */
  readonly prompt: unknown;
  /** The request's own limit; undefined when it has none. */
  readonly outputTokensMax: number | undefined;
  /** How many answers at once; one when left out. */
  readonly choices?: number | undefined;
  /** The JSON schema that the text must satisfy; undefined when it is to be words. */
  readonly schema?: unknown;
}

/** A tool call takes two output tokens: its arguments come in two pieces. */
const PIECES_PER_CALL = 2;

/** What a script asks for, or what follows from the request alone. */
export function planCompletion(
  request: CompletionRequest,
  script: GeneratedAnswer | undefined,
): PlannedCompletion {
  const asked = script ?? unasked(request);
  const { outputTokens, reasoningTokens = 0, toolCalls = [] } = asked;
  const tokensMax = request.outputTokensMax ?? Number.POSITIVE_INFINITY;
  const ending = toolCalls.length > 0 ? 'tool calls' : 'stop';
  return {
    model: asked.modelServed ?? request.model ?? '',
    tokens: {
      input: asked.inputTokens,
      cachedInput: asked.cachedInputTokens ?? 0,
      cacheWrite: asked.cacheWriteTokens ?? 0,
      output: outputTokens,
      reasoning: reasoningTokens,
    },
    choices: planChoices(outputTokens - PIECES_PER_CALL * toolCalls.length, request),
    toolCalls: toolCalls.map((call) => ({
      ...call,
      pieces: cutEvenly(JSON.stringify(call.arguments), PIECES_PER_CALL),
    })),
    ending: outputTokens + reasoningTokens >= tokensMax ? 'length' : ending,
    sendsUsage: asked.sendsUsage ?? true,
  };
}

/** Deals the tokens out in turn, so that their sum is what is billed. */
function planChoices(
  textTokens: number,
  { choices = 1, schema }: CompletionRequest,
): readonly (readonly string[])[] {
  return Array.from({ length: choices }, (_, index) => {
    const count = Math.ceil((textTokens - index) / choices);
    // Blanks after JSON are JSON too: there is a piece for every token.
    return schema === undefined
      ? textPieces(count)
      : cutEvenly(JSON.stringify(exampleOf(schema)).padEnd(count), count);
  });
}

/** The pieces of all choices in the order of a stream: the first of each, the second of each. */
export function* dealPieces({
  choices,
}: PlannedCompletion): Generator<{ index: number; text: string }> {
  for (let at = 0; at < (choices[0]?.length ?? 0); at += 1) {
    for (const [index, pieces] of choices.entries()) {
      const text = pieces[at];
      if (text !== undefined) {
        yield { index, text };
      }
    }
  }
}

function cutEvenly(text: string, count: number): string[] {
  const start = (index: number) => Math.floor((index * text.length) / count);
  return Array.from({ length: count }, (_, index) => text.slice(start(index), start(index + 1)));
}

const OUTPUT_TOKENS = 16;
const CHARS_PER_TOKEN = 4;

/** About as many tokens as a model would count. */
export function countPromptTokens(prompt: unknown): number {
  return Math.ceil((JSON.stringify(prompt)?.length ?? 0) / CHARS_PER_TOKEN);
}

function unasked({ prompt, outputTokensMax }: CompletionRequest): GeneratedAnswer {
  const outputTokens = Math.min(outputTokensMax ?? OUTPUT_TOKENS, OUTPUT_TOKENS);
  return { kind: 'generated', inputTokens: countPromptTokens(prompt), outputTokens };
}
