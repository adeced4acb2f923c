import type { CaseProvider, ProviderCase, ProviderPromise } from './case.ts';
import { imageCases } from './images.ts';
import { promptCases } from './prompts.ts';
import { refusalCases } from './refusals.ts';
import { textCases } from './texts.ts';
import { toolCases } from './tools.ts';

export type { ProviderCase } from './case.ts';

/** Every case that there is; each has its cassette, and every cassette is one of them. */
export const providerCases: readonly ProviderCase[] = [
  ...textCases,
  ...promptCases,
  ...toolCases,
  ...imageCases,
  ...refusalCases,
];

/** What a provider does not offer, and why there is nothing to record. */
export const NOT_SUPPORTED: Partial<Record<`${CaseProvider}/${ProviderPromise}`, string>> = {
  'anthropic/image': 'Models of Anthropic read pictures and make none.',
};
