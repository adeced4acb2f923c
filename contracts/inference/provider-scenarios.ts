import { added, usersAsked, usersCached } from '#contracts/movements.ts';
import type { ExpectedMovement, Scenario } from '#harness/index.ts';
import { attempted, billed, callEnded } from './movements.ts';

const PROMPT = 'Name three witnesses';
const ANSWER = {
  kind: 'generated',
  inputTokens: 9,
  cachedInputTokens: 4,
  outputTokens: 7,
} as const;
const messages = [{ role: 'user', content: PROMPT }];
const TOKENS = { input: 9, cached_input: 4, output: 7 };

const NANO = { provider: 'openai', model: 'gpt-5.4-nano' } as const;
const DALL_E = { provider: 'openai', model: 'dall-e-3' } as const;
const CLAUDE = { provider: 'anthropic', model: 'claude-haiku-4-5' } as const;

/** A stream of a provider that is asked in OpenAI's shape, read to its end. */
function streamed(
  served: { readonly provider: 'google' | 'azure'; readonly model: string },
  { asked, costPicoUsd }: { asked: string; costPicoUsd: number },
): Scenario {
  const { provider } = served;
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
  {
    name: 'every-kind',
    says: 'A text, an image and a message of one user are each billed in their own way.',
    caller: 'own-key',
    credentials: { openai: 'valid', anthropic: 'valid' },
    request: { method: 'POST', path: '/chat/completions', body: { model: NANO.model, messages } },
    provider: [{ answer: ANSWER }],
    expect: { status: 200, headers: { 'x-byom-provider': 'openai' } },
    followedBy: [
      {
        request: {
          method: 'POST',
          path: '/images/generations',
          body: { model: DALL_E.model, prompt: PROMPT },
        },
        provider: [{ answer: { kind: 'generated', inputTokens: 0, outputTokens: 0 } }],
        expect: { status: 200, headers: { 'x-byom-provider': 'openai' } },
      },
      {
        request: {
          method: 'POST',
          path: '/messages',
          body: { model: CLAUDE.model, messages, max_tokens: 64 },
        },
        provider: [{ provider: 'anthropic', answer: ANSWER }],
        expect: { status: 200, headers: { 'x-byom-provider': 'anthropic' } },
      },
    ],
    movement: added(
      callEnded('chat/completions', { status: 200, outcome: 'success' }),
      attempted(NANO, { outcome: 'success' }),
      // 9 × 200,000 + 4 × 20,000 + 7 × 1,250,000
      billed(NANO, { source: 'provider', tokens: TOKENS, costPicoUsd: 10_630_000 }),
      callEnded('images/generations', { status: 200, outcome: 'success' }),
      attempted(DALL_E, { outcome: 'success' }),
      { [`byom_images_total{model="${DALL_E.model}",provider="openai"}`]: 1 },
      {
        [`byom_cost_pico_usd_total{model="${DALL_E.model}",provider="openai",source="provider"}`]: 40_000_000_000,
      },
      callEnded('messages', { status: 200, outcome: 'success' }),
      attempted(CLAUDE, { outcome: 'success' }),
      // 9 × 1,000,000 + 4 × 100,000 + 7 × 5,000,000
      billed(CLAUDE, { source: 'provider', tokens: TOKENS, costPicoUsd: 44_400_000 }),
    ),
    movementIn: { production: { ...usersAsked(1), ...usersCached(2) } },
  },
];
