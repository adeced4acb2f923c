import { agentScenarios } from '#contracts/agents/scenarios.ts';
import { attemptScenarios } from '#contracts/attempts/scenarios.ts';
import { cacheScenarios } from '#contracts/cache/scenarios.ts';
import { credentialScenarios } from '#contracts/credentials/scenarios.ts';
import { httpScenarios } from '#contracts/http/scenarios.ts';
import { anthropicScenarios } from '#contracts/inference/anthropic-scenarios.ts';
import { providerScenarios } from '#contracts/inference/provider-scenarios.ts';
import { limitScenarios } from '#contracts/limits/scenarios.ts';
import { providerCases } from '#contracts/providers/cases.ts';
import type { Scenario } from '#harness/index.ts';
import { attempted, billed, callEnded, fellBack } from './inference/movements.ts';
import { routeEnded, usersAsked, usersCached } from './movements.ts';

/**
 * The traffic on which a verdict rests. Prices in the comments are pico-USD per token: the costs
 * are worked out here by hand, so that the service's arithmetic can be wrong.
 */

// 20 characters, which the service estimates as 5 tokens where no usage is reported.
const PROMPT = 'Name three witnesses';

const NANO = { provider: 'openai', model: 'gpt-5.4-nano' } as const;
const MINI = { provider: 'openai', model: 'gpt-5.4-mini' } as const;
const GPT_4O_MINI = { provider: 'openai', model: 'gpt-4o-mini' } as const;

function chat(model: string, more: Record<string, unknown> = {}): Scenario['request'] {
  const messages = [{ role: 'user', content: PROMPT }];
  return { method: 'POST', path: '/chat/completions', body: { model, messages, ...more } };
}

const STREAM = { stream: true, stream_options: { include_usage: true } };

/** A provider's refusal reaches the client, is counted as an error and costs nothing. */
function providerRefuses(status: number, error: string): Scenario {
  return {
    name: `provider-answers-${status}`,
    says: `The provider answers ${status}; the client is told so, and nothing is billed.`,
    caller: 'own-key',
    request: chat(NANO.model),
    provider: [{ answer: { kind: 'error', status } }],
    expect: { status, error, headers: { 'x-byom-credential': 'user' } },
    movement: {
      ...callEnded('chat/completions', { status, outcome: 'error' }),
      ...attempted(NANO, { outcome: 'error' }),
    },
  };
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'success',
    says: 'Two plain answers with the own key: each is billed once, cached input at its own price.',
    caller: 'own-key',
    request: chat(NANO.model),
    provider: [
      { answer: { kind: 'generated', inputTokens: 12, cachedInputTokens: 4, outputTokens: 6 } },
      { answer: { kind: 'generated', inputTokens: 12, cachedInputTokens: 4, outputTokens: 6 } },
    ],
    times: 2,
    expect: { status: 200, headers: { 'x-byom-credential': 'user' } },
    movement: {
      ...callEnded('chat/completions', { status: 200, outcome: 'success', times: 2 }),
      ...attempted(NANO, { outcome: 'success', times: 2 }),
      ...billed(NANO, {
        source: 'provider',
        tokens: { input: 24, cached_input: 8, output: 12 },
        // 24 × 200,000 + 8 × 20,000 + 12 × 1,250,000
        costPicoUsd: 19_960_000,
        times: 2,
      }),
    },
    // Production remembers a user it has just looked up; testing asks the database each time.
    movementIn: { production: { ...usersAsked(1), ...usersCached(1) } },
  },
  {
    name: 'stream-success',
    says: 'A whole stream with the system key: every event arrives, usage is the provider’s own.',
    caller: 'system-key',
    request: chat(GPT_4O_MINI.model, STREAM),
    provider: [{ answer: { kind: 'generated', inputTokens: 9, outputTokens: 7 } }],
    expect: {
      status: 200,
      contentEvents: 7,
      endsCleanly: true,
      headers: { 'x-byom-credential': 'system' },
    },
    movement: {
      ...callEnded('chat/completions', { status: 200, outcome: 'success' }),
      ...fellBack({ reason: 'no_credential' }),
      ...attempted(GPT_4O_MINI, { outcome: 'success', credential: 'system', hasContent: true }),
      ...billed(GPT_4O_MINI, {
        source: 'provider',
        tokens: { input: 9, output: 7 },
        // 9 × 150,000 + 7 × 600,000
        costPicoUsd: 5_550_000,
      }),
    },
  },
  providerRefuses(400, 'invalid_request_error'),
  providerRefuses(404, 'model_not_found'),
  providerRefuses(500, 'server_error'),
  {
    name: 'unknown-user',
    says: 'A key that no stored user has is refused in every mode, and no provider is called.',
    caller: 'unknown',
    request: chat(NANO.model),
    provider: [],
    expect: { status: 401, error: 'invalid_api_key' },
    movement: routeEnded('POST /chat/completions', 401),
  },
  {
    name: 'client-abort',
    says: 'The client leaves at a barrier after 4 events: exactly those are recorded, estimated.',
    caller: 'own-key',
    request: chat(NANO.model, STREAM),
    provider: [
      {
        answer: { kind: 'generated', inputTokens: 9, outputTokens: 10 },
        holdAfterContentEvents: 4,
      },
    ],
    departure: { afterContentEvents: 4 },
    thenRestart: 'planned',
    expect: { status: 200, contentEvents: 4 },
    movement: {
      ...callEnded('chat/completions', { status: 499, outcome: 'client_abort' }),
      ...attempted(NANO, { outcome: 'client_abort', hasContent: true }),
      ...billed(NANO, {
        source: 'estimate',
        tokens: { input: 5, output: 4 },
        // 5 × 200,000 + 4 × 1,250,000
        costPicoUsd: 6_000_000,
      }),
    },
  },
  {
    name: 'provider-cut',
    says: 'The provider’s connection breaks after 3 events: the client gets an error event, no [DONE].',
    caller: 'own-key',
    request: chat(MINI.model, STREAM),
    provider: [
      {
        answer: { kind: 'generated', inputTokens: 9, outputTokens: 10 },
        cutAfterContentEvents: 3,
      },
    ],
    expect: { status: 200, contentEvents: 3, endsCleanly: false, error: 'provider_cut' },
    movement: {
      ...callEnded('chat/completions', { status: 200, outcome: 'error' }),
      ...attempted(MINI, { outcome: 'cut', hasContent: true }),
      ...billed(MINI, {
        source: 'estimate',
        tokens: { input: 5, output: 3 },
        // 5 × 750,000 + 3 × 4,500,000
        costPicoUsd: 17_250_000,
      }),
    },
  },
  {
    name: 'stream-without-usage',
    says: 'A whole stream whose provider reports no usage: tokens are estimated, and it says so.',
    caller: 'own-key',
    request: chat(NANO.model, STREAM),
    provider: [
      { answer: { kind: 'generated', inputTokens: 9, outputTokens: 5, sendsUsage: false } },
    ],
    expect: { status: 200, contentEvents: 5, endsCleanly: true },
    movement: {
      ...callEnded('chat/completions', { status: 200, outcome: 'success' }),
      ...attempted(NANO, { outcome: 'success', hasContent: true }),
      ...billed(NANO, {
        source: 'estimate',
        tokens: { input: 5, output: 5 },
        // 5 × 200,000 + 5 × 1,250,000
        costPicoUsd: 7_250_000,
      }),
    },
  },
  ...attemptScenarios,
  ...providerScenarios,
  ...httpScenarios,
  ...anthropicScenarios,
  ...providerCases.map(({ scenario }) => scenario),
  ...cacheScenarios,
  ...limitScenarios,
  ...agentScenarios,
  ...credentialScenarios,
];
