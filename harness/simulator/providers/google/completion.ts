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
  readonly finishReason: 'STOP' | 'MAX_TOKENS';
  readonly images: number;
}

export function createCompletion(
  { model }: ProviderRequest,
  asked: { body: GenerateRequest; script: GeneratedAnswer | undefined },
  { callId }: AnswerContext,
): Completion {
  const { contents, systemInstruction, generationConfig } = asked.body;
  const makesPictures = findModel(model ?? '')?.makes === 'text and pictures';
  const prompt = [systemInstruction, contents];
  const outputTokensMax = generationConfig?.maxOutputTokens ?? undefined;
  const plan = planCompletion({ model, prompt, outputTokensMax }, asked.script);
  return {
    ...plan,
    tokens: sayableTokens(plan.tokens),
    id: hexId('google response', callId, 23),
    finishReason: plan.isCutShort ? 'MAX_TOKENS' : 'STOP',
    images: makesPictures ? (asked.script?.images ?? 1) : 0,
  };
}

const PICTURE = { mimeType: 'image/png', data: PICTURE_BASE64 };

/** A GenerateContentResponse: the whole answer, or one chunk with the usage so far. */
export function writeResponse(
  { model, id, sendsUsage, finishReason }: Completion,
  said: { text: string; images: number; isLast: boolean; tokens: TokenClasses },
  { enums }: AnswerForm,
) {
  const pictures = Array.from({ length: said.images }, () => ({ inlineData: PICTURE }));
  const candidate = {
    content: { parts: [{ text: said.text }, ...pictures], role: 'model' },
    ...(said.isLast ? { finishReason: writeEnum(finishReason, enums) } : {}),
    index: 0,
  };
  const usageMetadata = writeUsage(said.tokens, writeEnum('TEXT', enums));
  return {
    candidates: [candidate],
    ...(sendsUsage ? { usageMetadata } : {}),
    modelVersion: model,
    responseId: id,
  };
}
