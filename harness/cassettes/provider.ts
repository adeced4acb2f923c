/** The three vendors, in the order used everywhere. */
export const PROVIDERS = ['openai', 'google', 'anthropic'] as const;

export type Provider = (typeof PROVIDERS)[number];
