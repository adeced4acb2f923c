/** The models that the simulated account has; any other one is answered 404. */
export const MODELS: readonly string[] = [
  'gpt-4',
  'gpt-4o',
  'gpt-4o-mini',
  'gpt-4.1-mini',
  'gpt-5-mini',
  'gpt-5-nano',
  'gpt-5.4-mini',
  'gpt-5.4-nano',
  'gpt-5.6-luna',
  'gpt-6-luna',
];

/** Models from gpt-5 on and the o-series send no `logprobs` key and no fingerprint. */
export function isReasoningModel(model: string): boolean {
  return /^(o\d|gpt-([5-9]|\d\d))/.test(model);
}
