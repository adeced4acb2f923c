import { attempted, billed, callEnded } from '#contracts/inference/movements.ts';
import { added, routeEnded, usersAsked, usersCached } from '#contracts/movements.ts';
import type { Scenario } from '#harness/index.ts';

const GPT = { provider: 'openai', model: 'gpt-5.4-nano' } as const;

const request: Scenario['request'] = {
  method: 'POST',
  path: '/chat/completions',
  body: { model: GPT.model, messages: [{ role: 'user', content: 'Name three witnesses' }] },
};

/** Answers that the service gives from memory. */
export const cacheScenarios: readonly Scenario[] = [
  {
    name: 'remembered-answer',
    says: 'The same call again is answered from memory: no provider is asked, nothing is billed.',
    caller: 'own-key',
    request: { method: 'PATCH', path: '/user-settings', body: { cache_answers: true } },
    provider: [],
    expect: { status: 200 },
    followedBy: [
      {
        request,
        provider: [{ answer: { kind: 'generated', inputTokens: 9, outputTokens: 7 } }],
        expect: { status: 200, headers: { 'x-byom-cache': 'miss', 'x-byom-credential': 'user' } },
      },
      { request, provider: [], expect: { status: 200, headers: { 'x-byom-cache': 'hit' } } },
    ],
    movement: added(
      routeEnded('PATCH /user-settings', 200),
      callEnded('chat/completions', { status: 200, outcome: 'success' }),
      attempted(GPT, { outcome: 'success' }),
      billed(GPT, {
        source: 'provider',
        tokens: { input: 9, output: 7 },
        // 9 × 200,000 + 7 × 1,250,000
        costPicoUsd: 10_550_000,
      }),
      { 'byom_cache_lookups_total{result="miss"}': 1 },
      routeEnded('POST /chat/completions', 200),
      { 'byom_cache_lookups_total{result="hit"}': 1 },
    ),
    // Production remembers a user, but nobody whose settings were changed since.
    movementIn: { production: { ...usersAsked(2), ...usersCached(1) } },
  },
];
