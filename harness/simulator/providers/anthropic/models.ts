/** A model as the catalogue shows it. */
export interface AnthropicModel {
  readonly id: string;
  readonly displayName: string;
  readonly createdAt: string;
}

/** The models that the simulated account has, newest first; any other one is answered 404. */
export const MODELS: readonly AnthropicModel[] = [
  { id: 'claude-haiku-5-5', displayName: 'Claude Haiku 5.5', createdAt: '2026-10-07T00:00:00Z' },
  { id: 'claude-opus-5', displayName: 'Claude Opus 5', createdAt: '2026-07-01T00:00:00Z' },
  { id: 'claude-sonnet-5', displayName: 'Claude Sonnet 5', createdAt: '2026-07-01T00:00:00Z' },
  {
    id: 'claude-haiku-4-5-20251001',
    displayName: 'Claude Haiku 4.5',
    createdAt: '2025-10-01T00:00:00Z',
  },
];

/** Names without a date that are served by a dated model. */
const ALIASES: Readonly<Record<string, string>> = {
  'claude-haiku-4-5': 'claude-haiku-4-5-20251001',
};

/** The model that serves this name; undefined when the account has none. */
export function findModel(name: string): AnthropicModel | undefined {
  const id = ALIASES[name] ?? name;
  return MODELS.find((model) => model.id === id);
}
