import type { TokenClasses } from '../../ledger.ts';
import { hexId, PICTURE_BASE64 } from '../../made-up.ts';
import type { GeneratedAnswer } from '../../script.ts';
import { type PlannedCompletion, planCompletion } from '../plan-completion.ts';
import type { AnswerContext, ProviderRequest } from '../wire.ts';
import { type AnswerForm, writeEnum } from './form.ts';
import { findModel } from './models.ts';
import type { GenerateRequest } from './requests.ts';
import { sayableTokens, writeUsage } from './usage.ts';

/** Everything one generated answer says, plain or streaming. */
export interface Completion extends PlannedCompletion {
  readonly id: string;
  readonly images: number;
}

export function createCompletion(
  { model }: ProviderRequest,
  asked: { body: GenerateRequest; script: GeneratedAnswer | undefined },
  { callId }: AnswerContext,
): Completion {
  const { contents, systemInstruction, generationConfig } = asked.body;
  const makesPictures = findModel(model ?? '')?.makes === 'text and pictures';
  const plan = planCompletion(
    {
      model,
      prompt: [systemInstruction, contents],
      outputTokensMax: generationConfig?.maxOutputTokens ?? undefined,
      choices: generationConfig?.candidateCount ?? undefined,
      schema: readSchema(generationConfig),
    },
    asked.script,
  );
  return {
    ...plan,
    tokens: sayableTokens(plan.tokens),
    id: hexId('google response', callId, 23),
    images: makesPictures ? (asked.script?.images ?? 1) : 0,
  };
}

function readSchema(config: GenerateRequest['generationConfig']): unknown {
  const isJson = config?.responseMimeType === 'application/json';
  return isJson ? (config.responseSchema ?? config.responseJsonSchema ?? {}) : undefined;
}

/** One choice of an answer, or what one chunk adds to it. */
export interface Candidate {
  readonly index: number;
  readonly parts: readonly object[];
  readonly isLast: boolean;
}

/** The parts after the text of the first choice. */
export function callParts({ id, toolCalls }: Completion): object[] {
  return toolCalls.map((call, at) => ({
    functionCall: { id: `${id.slice(-8)}${at}`, name: call.name, args: call.arguments },
  }));
}

/** The parts that close the first choice. */
export function pictureParts({ images }: Completion): object[] {
  const inlineData = { mimeType: 'image/png', data: PICTURE_BASE64 };
  return Array.from({ length: images }, () => ({ inlineData }));
}

/** A GenerateContentResponse: the whole answer, or one chunk with the usage so far. */
export function writeResponse(
  completion: Completion,
  said: { candidates: readonly Candidate[]; tokens: TokenClasses },
  { enums }: AnswerForm,
) {
  const { model, id, sendsUsage } = completion;
  const usageMetadata = writeUsage(said.tokens, writeEnum('TEXT', enums));
  return {
    candidates: said.candidates.map(({ index, parts, isLast }) => ({
      content: { parts, role: 'model' },
      ...(isLast ? writeFinish(completion, enums) : {}),
      index,
    })),
    ...(sendsUsage ? { usageMetadata } : {}),
    modelVersion: model,
    responseId: id,
  };
}

/** There is no reason of its own for tool calls: since 2025-10 a sentence says so. */
function writeFinish({ ending }: Completion, enums: AnswerForm['enums']) {
  const finishReason = writeEnum(ending === 'length' ? 'MAX_TOKENS' : 'STOP', enums);
  const finishMessage = 'Model generated function call(s).';
  return ending === 'tool calls' ? { finishReason, finishMessage } : { finishReason };
}
