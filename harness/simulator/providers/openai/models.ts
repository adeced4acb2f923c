/** A model of the simulated account, and the one operation that it serves. */
interface OpenAiModel {
  readonly id: string;
  readonly operation: string;
  /** What a prompt may have; undefined where prompts are not measured in tokens. */
  readonly promptTokensMax?: number;
}

const chat = (id: string, promptTokensMax: number): OpenAiModel => {
  return { id, operation: 'chat.completions', promptTokensMax };
};

/** Any other model is answered 404. */
export const MODELS: readonly OpenAiModel[] = [
  chat('gpt-4', 8_192),
  chat('gpt-4o', 128_000),
  chat('gpt-4o-mini', 128_000),
  chat('gpt-4.1-mini', 1_047_576),
  chat('gpt-5-mini', 400_000),
  chat('gpt-5-nano', 400_000),
  chat('gpt-5.4-mini', 400_000),
  chat('gpt-5.4-nano', 400_000),
  chat('gpt-5.6-luna', 400_000),
  chat('gpt-6-luna', 400_000),
  { id: 'dall-e-3', operation: 'images.generations' },
  { id: 'gpt-image-1', operation: 'images.generations' },
  { id: 'gpt-image-1-mini', operation: 'images.generations' },
  { id: 'text-embedding-3-small', operation: 'embeddings', promptTokensMax: 8_192 },
  { id: 'text-embedding-3-large', operation: 'embeddings', promptTokensMax: 8_192 },
];

/** The model by this name, if it serves the operation. */
export function findModel(id: string, operation: string): OpenAiModel | undefined {
  return MODELS.find((model) => model.id === id && model.operation === operation);
}

/** Models from gpt-5 on and the o-series send no `logprobs` key and no fingerprint. */
export function isReasoningModel(model: string): boolean {
  return /^(o\d|gpt-([5-9]|\d\d))/.test(model);
}
