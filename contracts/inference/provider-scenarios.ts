import type { ExpectedMovement, Scenario } from '#harness/index.ts';
import { attempted, billed, callEnded } from './movements.ts';

const PROMPT = 'Name three witnesses';
const ANSWER = {
  kind: 'generated',
  inputTokens: 9,
  cachedInputTokens: 4,
  outputTokens: 7,
} as const;
const TOKENS = { input: 9, cached_input: 4, output: 7 };

/** A stream of a provider that is asked in OpenAI's shape, read to its end. */
function streamed(
  served: { readonly provider: 'google' | 'azure'; readonly model: string },
  { asked, costPicoUsd }: { asked: string; costPicoUsd: number },
): Scenario {
  const { provider } = served;
  const messages = [{ role: 'user', content: PROMPT }];
  return {
    name: `${provider}-stream`,
    says: `A stream of ${provider} reaches the client as one of OpenAI’s, billed as it reports.`,
    caller: 'own-key',
    credentials: { [provider]: 'valid' },
    request: {
      method: 'POST',
      path: '/chat/completions',
      body: { model: asked, messages, stream: true, stream_options: { include_usage: true } },
    },
    provider: [{ provider, answer: ANSWER }],
    expect: { status: 200, contentEvents: 7, endsCleanly: true },
    movement: {
      ...callEnded('chat/completions', { status: 200, outcome: 'success' }),
      ...attempted(served, { outcome: 'success', hasContent: true }),
      ...billed(served, { source: 'provider', tokens: TOKENS, costPicoUsd }),
    },
  };
}

const IMAGEN = { provider: 'google', model: 'imagen-4.0-generate-001' } as const;
const IMAGEN_LABELS = `model="${IMAGEN.model}",provider="${IMAGEN.provider}"`;

const imagesMade: ExpectedMovement = {
  ...callEnded('images/generations', { status: 200, outcome: 'success' }),
  ...attempted(IMAGEN, { outcome: 'success' }),
  [`byom_images_total{${IMAGEN_LABELS}}`]: 2,
  // 2 × 40,000,000,000
  [`byom_cost_pico_usd_total{${IMAGEN_LABELS},source="provider"}`]: 80_000_000_000,
};

/** Providers beside OpenAI, and images. */
export const providerScenarios: readonly Scenario[] = [
  streamed(
    { provider: 'google', model: 'gemini-2.5-flash-lite' },
    // 9 × 100,000 + 4 × 10,000 + 7 × 400,000
    { asked: 'gemini-2.5-flash-lite', costPicoUsd: 3_740_000 },
  ),
  streamed(
    { provider: 'azure', model: 'gpt-4o-mini' },
    // 9 × 150,000 + 4 × 75,000 + 7 × 600,000
    { asked: 'azure/gpt-4o-mini', costPicoUsd: 5_850_000 },
  ),
  {
    name: 'images-by-the-image',
    says: 'Two images of a provider that reports no tokens are billed by the image.',
    caller: 'own-key',
    credentials: { google: 'valid' },
    request: {
      method: 'POST',
      path: '/images/generations',
      body: { model: IMAGEN.model, prompt: PROMPT, n: 2 },
    },
    provider: [
      {
        provider: 'google',
        answer: { kind: 'generated', inputTokens: 0, outputTokens: 0, images: 2 },
      },
    ],
    expect: { status: 200, headers: { 'x-byom-credential': 'user' } },
    movement: imagesMade,
  },
];
