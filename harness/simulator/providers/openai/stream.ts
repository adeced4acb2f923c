import { type AnswerPart, createPart } from '../../answer.ts';
import { hexId } from '../../made-up.ts';
import { dealPieces } from '../plan-completion.ts';
import type { ProviderRequest } from '../wire.ts';
import { type Completion, finishReason, writeToolCall } from './completion.ts';
import type { OpenAiError } from './errors.ts';
import { isReasoningModel } from './models.ts';
import { readChat } from './requests.ts';
import { writeUsage } from './usage.ts';

/** What a request says about the form of its stream. */
export interface StreamForm {
  /** stream_options.include_usage: null on every chunk, numbers in a last one without choices. */
  readonly includesUsage: boolean;
  /** stream_options.include_obfuscation, on by default since 2025-08-05. */
  readonly isObfuscated: boolean;
}

export function readForm(request: ProviderRequest): StreamForm {
  const { stream_options } = readChat(request);
  return {
    includesUsage: stream_options?.include_usage === true,
    isObfuscated: stream_options?.include_obfuscation !== false,
  };
}

/** The events of a generated stream in the order of the real one, made as they are sent. */
export function* streamParts(completion: Completion, form: StreamForm): Generator<AnswerPart> {
  const { model, tokens, choices, sendsUsage } = completion;
  const includesUsage = form.includesUsage && sendsUsage;
  const chunk = createChunkWriter(completion, { ...form, includesUsage });
  const logprobs = isReasoningModel(model) ? {} : { logprobs: null };
  const write = (index: number, delta: object, reason: string | null = null) =>
    chunk([{ index, delta, ...logprobs, finish_reason: reason }]);
  for (const [index, pieces] of choices.entries()) {
    const content =
      index === 0 && pieces.length === 0 && completion.toolCalls.length > 0 ? null : '';
    yield part(write(index, { role: 'assistant', content, refusal: null }));
  }
  for (const { index, text } of dealPieces(completion)) {
    yield part(write(index, { content: text }), { contentEvents: 1 });
  }
  for (const [index, call] of completion.toolCalls.entries()) {
    const { opening } = writeToolCall(completion, call, index);
    yield part(write(0, { tool_calls: [{ index, ...opening }] }));
    for (const args of call.pieces) {
      const delta = { tool_calls: [{ index, function: { arguments: args } }] };
      yield part(write(0, delta), { contentEvents: 1 });
    }
  }
  for (const index of choices.keys()) {
    yield part(write(index, {}, finishReason(completion, index)));
  }
  if (includesUsage) {
    yield part(chunk([], writeUsage(tokens)), { usage: tokens, isUsageFinal: true });
  }
  yield part('[DONE]');
}

/** What comes in place of the rest of a stream that fails in the middle. */
export function* brokenParts(
  error: OpenAiError,
  completion: Completion,
  form: StreamForm,
): Generator<AnswerPart> {
  yield part(JSON.stringify({ error }));
  if (form.includesUsage) {
    const usage = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 };
    const chunk = createChunkWriter(completion, form);
    yield part(chunk([], writeUsage(usage)), { usage, isUsageFinal: true });
  }
  yield part('[DONE]');
}

function createChunkWriter(completion: Completion, { includesUsage, isObfuscated }: StreamForm) {
  const head = {
    id: completion.id,
    object: 'chat.completion.chunk',
    created: completion.createdSeconds,
    model: completion.model,
    service_tier: 'default',
    system_fingerprint: isReasoningModel(completion.model) ? null : 'fp_simulated',
  };
  const noise = hexId('openai obfuscation', completion.createdSeconds, 16);
  let written = 0;
  return (choices: readonly object[], usage: object | null = null): string => {
    written += 1;
    return JSON.stringify({
      ...head,
      choices,
      ...(includesUsage ? { usage } : {}),
      // The real one has random letters of changing length, so that sizes do not tell the text.
      ...(isObfuscated ? { obfuscation: noise.slice(written % OBFUSCATION_CHARS) } : {}),
    });
  };
}

const OBFUSCATION_CHARS = 11;

function part(data: string, says?: Partial<AnswerPart>): AnswerPart {
  return createPart(Buffer.from(`data: ${data}\n\n`), says);
}
