import { type Answer, createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import type { GeneratedAnswer } from '../../script.ts';
import type { AnswerContext, ProviderRequest } from '../wire.ts';
import {
  type Completion,
  callParts,
  createCompletion,
  pictureParts,
  writeResponse,
} from './completion.ts';
import { type AnswerForm, readForm } from './form.ts';
import { apiHeaders, EVENT_STREAM_TYPE, JSON_TYPE } from './headers.ts';
import { findModel, type GoogleModel, MODELS, PROMPT_TOKENS_MAX } from './models.ts';
import { generatePictures } from './predict.ts';
import { readGenerate } from './requests.ts';
import { streamParts } from './stream.ts';

export function generate(
  request: ProviderRequest,
  script: GeneratedAnswer | undefined,
  context: AnswerContext,
): Answer {
  switch (request.operation.name) {
    case 'models.list':
      return jsonAnswer({ models: MODELS.map(showModel) });
    case 'models.get':
      return jsonAnswer(showModel(findModel(request.model ?? '') ?? MODELS[0]));
    case 'predict':
      return generatePictures(request, script);
    default: {
      const asked = { body: readGenerate(request), script };
      const completion = createCompletion(request, asked, context);
      const form = readForm(request);
      return request.isStream ? streamAnswer(completion, form) : plainAnswer(completion, form);
    }
  }
}

function plainAnswer(completion: Completion, form: AnswerForm): WholeAnswer {
  const { model, tokens, images, choices, sendsUsage } = completion;
  const candidates = choices.map((pieces, index) => {
    const more = index === 0 ? [...callParts(completion), ...pictureParts(completion)] : [];
    const text = pieces.length > 0 || more.length === 0 ? [{ text: pieces.join('') }] : [];
    return { index, parts: [...text, ...more], isLast: true };
  });
  return {
    ...jsonAnswer(writeResponse(completion, { candidates, tokens }, form)),
    modelServed: model,
    usage: sendsUsage ? tokens : undefined,
    images,
  };
}

function streamAnswer(completion: Completion, form: AnswerForm): Answer {
  const headers =
    form.framing === 'sse'
      ? [...apiHeaders(EVENT_STREAM_TYPE), 'content-disposition', 'attachment']
      : apiHeaders(JSON_TYPE);
  return {
    kind: 'stream',
    status: 200,
    headers,
    modelServed: completion.model,
    parts: streamParts(completion, form),
  };
}

function showModel(model: GoogleModel | undefined) {
  return {
    name: `models/${model?.id}`,
    version: '001',
    displayName: model?.displayName,
    inputTokenLimit: PROMPT_TOKENS_MAX,
    outputTokenLimit: 65_536,
    supportedGenerationMethods:
      model?.makes === 'pictures' ? ['predict'] : ['generateContent', 'countTokens'],
  };
}

function jsonAnswer(value: unknown): WholeAnswer {
  const body = `${JSON.stringify(value, undefined, 2)}\n`;
  return createWholeAnswer(body, { status: 200, headers: apiHeaders(JSON_TYPE) });
}
