/** Every provider that a credential can be of, in the order that decides where two could serve. */
export const PROVIDERS = ['openai', 'google', 'anthropic', 'azure'] as const;
