import { z } from 'zod';

import { createWholeAnswer, type WholeAnswer } from '../../answer.ts';
import type { GeneratedAnswer } from '../../script.ts';
import { planCompletion } from '../plan-completion.ts';
import type { AnswerContext, ProviderRequest, RawRequest } from '../wire.ts';
import type { Mistake } from './errors.ts';
import { apiHeaders } from './headers.ts';
import { readUsage } from './usage.ts';

const embeddingsSchema = z.looseObject({
  input: z
    .union([z.string(), z.array(z.unknown()).min(1)])
    .optional()
    .catch(undefined),
  dimensions: z.int().positive().max(3_072).nullish().catch(undefined),
  encoding_format: z.string().nullish().catch(undefined),
});

function readEmbeddings({ body }: RawRequest): z.infer<typeof embeddingsSchema> {
  return embeddingsSchema.safeParse(body).data ?? {};
}

export function findEmbeddingsMistake(request: ProviderRequest): Mistake | undefined {
  const message = "Missing required parameter: 'input'.";
  return readEmbeddings(request).input === undefined
    ? { message, param: 'input', code: 'missing_required_parameter' }
    : undefined;
}

const DIMENSIONS = 1_536;

/** One unit vector per input, in the encoding that was asked for; all input is billed. */
export function generateEmbeddings(
  request: ProviderRequest,
  script: GeneratedAnswer | undefined,
  context: AnswerContext,
): WholeAnswer {
  const { input = '', dimensions, encoding_format } = readEmbeddings(request);
  const { model } = request;
  const plan = planCompletion({ model, prompt: input, outputTokensMax: 0 }, script);
  const prompt = plan.tokens.input + plan.tokens.cachedInput + plan.tokens.cacheWrite;
  const usage = plan.sendsUsage ? { prompt_tokens: prompt, total_tokens: prompt } : undefined;
  const inputs = typeof input === 'string' ? [input] : input;
  const data = inputs.map((_, index) => {
    const vector = new Float32Array(dimensions ?? DIMENSIONS);
    vector[index % vector.length] = 1;
    const base64 = encoding_format === 'base64';
    const embedding = base64 ? Buffer.from(vector.buffer).toString('base64') : [...vector];
    return { object: 'embedding', index, embedding };
  });
  const body = { object: 'list', data, model: plan.model, ...(usage ? { usage } : {}) };
  return createWholeAnswer(`${JSON.stringify(body, undefined, 2)}\n`, {
    status: 200,
    headers: apiHeaders('application/json', context),
    modelServed: plan.model,
    usage: readUsage(usage),
  });
}
