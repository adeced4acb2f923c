import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { TokenCounts } from '../../catalogue/cost.ts';
import type { JsonObject } from '../../shapes/json-object.ts';
import { parseUsage } from './parse-usage.ts';

const text = z.string().optional().catch(undefined);

const partSchema = z.object({
  text,
  thought: z.boolean().optional().catch(undefined),
  thoughtSignature: text,
  functionCall: z
    .object({ id: text, name: z.string(), args: z.unknown().optional() })
    .optional()
    .catch(undefined),
  inlineData: z.object({ data: z.string() }).optional().catch(undefined),
  executableCode: z.unknown().optional(),
});
type Part = z.infer<typeof partSchema>;

const candidateSchema = z.object({
  index: z.number().int().catch(0),
  content: z.object({ parts: z.array(partSchema).catch([]) }).catch({ parts: [] }),
  finishReason: text,
});

const responseSchema = z.object({
  candidates: z.array(candidateSchema).catch([]),
  promptFeedback: z.object({ blockReason: text }).catch({ blockReason: undefined }),
  modelVersion: text,
  responseId: text,
  usageMetadata: z.unknown().optional(),
});

export interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
  readonly extra_content?: { readonly google: { readonly thought_signature: string } };
}

type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** One candidate, or what one chunk adds to it, in OpenAI's words. */
export interface Candidate {
  readonly index: number;
  readonly content: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  /** Base64. */
  readonly images: readonly string[];
  readonly hasContent: boolean;
  /** undefined: there is more to come. */
  readonly finishReason: FinishReason | undefined;
}

/** A GenerateContentResponse: a whole answer, or one chunk of a stream. */
export interface GeminiResponse {
  readonly id: string;
  readonly modelServed: string | undefined;
  readonly candidates: readonly Candidate[];
  readonly usage: TokenCounts | undefined;
}

/** Everything in it is optional on the wire, and what is not as expected is not there. */
export function parseResponse(body: JsonObject): GeminiResponse {
  const { responseId, modelVersion, ...response } = responseSchema.parse(body);
  const candidates = response.candidates.map(toCandidate);
  const isBlocked = response.promptFeedback.blockReason !== undefined;
  return {
    id: `chatcmpl-${responseId ?? randomUUID()}`,
    modelServed: modelVersion === '' ? undefined : modelVersion,
    candidates: candidates.length === 0 && isBlocked ? [BLOCKED] : candidates,
    usage: parseUsage(response.usageMetadata),
  };
}

/** A prompt that was refused is answered without candidates. */
const BLOCKED: Candidate = {
  index: 0,
  content: '',
  reasoning: '',
  toolCalls: [],
  images: [],
  hasContent: false,
  finishReason: 'content_filter',
};

function toCandidate({ index, content, finishReason }: z.infer<typeof candidateSchema>): Candidate {
  const { parts } = content;
  const textOf = (isThought: boolean): string =>
    parts.map((part) => ((part.thought === true) === isThought ? (part.text ?? '') : '')).join('');
  return {
    index,
    content: textOf(false),
    reasoning: textOf(true),
    toolCalls: parts.flatMap(toToolCall),
    images: parts.flatMap(({ inlineData }) => inlineData?.data ?? []),
    hasContent: parts.some((part) =>
      [part.text, part.functionCall, part.inlineData, part.executableCode].some(Boolean),
    ),
    finishReason: finishReason === undefined ? undefined : toFinishReason(finishReason),
  };
}

/** The signature of a thought must come back with its call, in the place that Google uses too. */
function toToolCall({ functionCall, thoughtSignature }: Part): ToolCall[] {
  if (functionCall === undefined) return [];
  const { id = `call_${randomUUID()}`, name, args = {} } = functionCall;
  const called = { name, arguments: JSON.stringify(args) };
  const call = { id, type: 'function', function: called } as const;
  if (thoughtSignature === undefined) return [call];
  return [{ ...call, extra_content: { google: { thought_signature: thoughtSignature } } }];
}

const FILTERED: readonly string[] = [
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
];

function toFinishReason(reason: string): FinishReason {
  if (reason === 'MAX_TOKENS') return 'length';
  return FILTERED.includes(reason) ? 'content_filter' : 'stop';
}

/** Tool calls end with STOP as a text does. */
export function finishOf(reason: FinishReason, { hasCalled }: { hasCalled: boolean }) {
  return reason === 'stop' && hasCalled ? 'tool_calls' : reason;
}

/** Usage as OpenAI means it: the special classes are inside their totals. */
export function toOpenAiUsage(tokens: TokenCounts): JsonObject {
  const prompt = tokens.input + tokens.cached_input;
  const completion = tokens.output + tokens.reasoning;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: tokens.cached_input },
    completion_tokens_details: { reasoning_tokens: tokens.reasoning },
  };
}
