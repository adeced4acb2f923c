/** The vendors, in the order used everywhere. */
export const PROVIDERS = ['openai', 'google', 'anthropic', 'azure'] as const;

export type Provider = (typeof PROVIDERS)[number];
