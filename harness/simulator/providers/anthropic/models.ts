/** A model as the catalogue shows it. */
export interface AnthropicModel {
  readonly id: string;
  readonly displayName: string;
  readonly createdAt: string;
  readonly promptTokensMax: number;
}

const model = (
  id: string,
  displayName: string,
  { date, promptTokensMax = 200_000 }: { date: string; promptTokensMax?: number },
): AnthropicModel => ({ id, displayName, createdAt: `${date}T00:00:00Z`, promptTokensMax });

/** The models that the simulated account has, newest first; any other one is answered 404. */
export const MODELS: readonly AnthropicModel[] = [
  model('claude-haiku-5-5', 'Claude Haiku 5.5', { date: '2026-10-07' }),
  model('claude-opus-5', 'Claude Opus 5', { date: '2026-07-01', promptTokensMax: 1_000_000 }),
  model('claude-sonnet-5', 'Claude Sonnet 5', { date: '2026-07-01', promptTokensMax: 1_000_000 }),
  model('claude-haiku-4-5-20251001', 'Claude Haiku 4.5', { date: '2025-10-01' }),
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
