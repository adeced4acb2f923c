import { Matchers } from '@pact-foundation/pact';
import type { CaseProvider } from '#contracts/providers/case.ts';

/** How a recorded value becomes an example with a rule. */
export type Rule = (recorded: unknown) => unknown;

/** The fields that are read; a list stands for all of an array's items, `some` for part of them. */
export type Relied = Rule | { readonly [field: string]: Relied } | readonly [Relied] | Some;

/** Of an array's items only those that have one of these fields, wherever they stand. */
export interface Some {
  readonly some: Relied;
}

/** Any text is as good, the empty one too. */
const text: Rule = (recorded) => Matchers.like(recorded);
const count: Rule = (recorded) => Matchers.integer(Number(recorded));
/** Any JSON of the same shape. */
const alike: Rule = (recorded) => Matchers.like(recorded);
/** The words by which the service knows what it has before it. */
const exact: Rule = (recorded) => recorded;

const openaiUsage = {
  prompt_tokens: count,
  prompt_tokens_details: { cached_tokens: count },
  completion_tokens: count,
  completion_tokens_details: { reasoning_tokens: count },
  input_tokens: count,
  output_tokens: count,
};
const openaiWritten = {
  content: text,
  tool_calls: [{ index: count, id: text, type: exact, function: { name: exact, arguments: text } }],
} as const;
const openaiError = { message: text, type: text, code: exact };

const gemini = {
  candidates: [
    {
      content: {
        parts: [
          {
            text,
            thought: exact,
            thoughtSignature: text,
            functionCall: { id: text, name: exact, args: alike },
            inlineData: { data: text },
          },
        ],
      },
      finishReason: exact,
    },
  ],
  modelVersion: text,
  responseId: text,
  usageMetadata: {
    promptTokenCount: count,
    cachedContentTokenCount: count,
    candidatesTokenCount: count,
    thoughtsTokenCount: count,
  },
  error: { code: exact, message: text, details: { some: { reason: exact, retryDelay: text } } },
} as const;

const anthropicUsage = {
  input_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  output_tokens: count,
  output_tokens_details: { thinking_tokens: count },
};
const anthropicBlock = {
  type: exact,
  text,
  thinking: text,
  signature: text,
  id: text,
  name: exact,
  input: alike,
};
const anthropicMessage = {
  id: text,
  type: exact,
  role: exact,
  model: text,
  content: [anthropicBlock],
  stop_reason: exact,
  usage: anthropicUsage,
  error: { type: exact, message: text },
} as const;

interface ReliedFields {
  /** Of an answer in one piece, an error too. */
  readonly answer: Relied;
  /** Of each event of a stream. */
  readonly event: Relied;
}

/** Everything that the service reads in the answers of each provider. */
export const RELIED: Readonly<Record<CaseProvider, ReliedFields>> = {
  openai: {
    answer: {
      id: text,
      object: exact,
      model: text,
      choices: [{ index: count, message: { role: exact, ...openaiWritten }, finish_reason: exact }],
      data: [{ b64_json: text }],
      usage: openaiUsage,
      error: openaiError,
    },
    event: {
      data: {
        id: text,
        object: exact,
        model: text,
        choices: [{ index: count, delta: openaiWritten, finish_reason: exact }],
        usage: openaiUsage,
        error: openaiError,
      },
    },
  },
  google: { answer: gemini, event: { data: gemini } },
  anthropic: {
    answer: anthropicMessage,
    event: {
      event: exact,
      data: {
        type: exact,
        message: anthropicMessage,
        index: count,
        content_block: anthropicBlock,
        delta: {
          type: exact,
          text,
          thinking: text,
          signature: text,
          partial_json: text,
          stop_reason: exact,
        },
        usage: anthropicUsage,
        error: { type: exact, message: text },
      },
    },
  },
};
