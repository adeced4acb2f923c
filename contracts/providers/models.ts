/** The models that cases ask for: the cheapest current ones, and what their answers call them. */

export const NANO = { provider: 'openai', model: 'gpt-5.4-nano' } as const;
export const FLASH_LITE = { provider: 'google', model: 'gemini-3.5-flash-lite' } as const;
/** It thinks before it answers. */
export const FLASH = { provider: 'google', model: 'gemini-3.5-flash' } as const;
export const HAIKU = {
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  modelServed: 'claude-haiku-4-5-20251001',
} as const;
/** Its cache begins at shorter prompts than the one of Haiku. */
export const SONNET = { provider: 'anthropic', model: 'claude-sonnet-5' } as const;
