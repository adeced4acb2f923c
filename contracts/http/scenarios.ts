import { attempted, billed, callEnded } from '#contracts/inference/movements.ts';
import { added, usersAsked, usersCached } from '#contracts/movements.ts';
import type { Scenario } from '#harness/index.ts';

const NANO = { provider: 'openai', model: 'gpt-5.4-nano' } as const;
// 20 characters, which the service estimates as 5 tokens where no usage is reported.
const messages = [{ role: 'user', content: 'Name three witnesses' }];

/** What the gauge of requests in flight must show while there are some. */
export const httpScenarios: readonly Scenario[] = [
  {
    name: 'streams-in-flight',
    says: 'Six streams are held at once and half their clients leave: the gauge shows 6, 3 and 0.',
    caller: 'own-key',
    // Alone, so that in production each of the six finds the user remembered.
    request: { method: 'POST', path: '/chat/completions', body: { model: NANO.model, messages } },
    provider: [{ answer: { kind: 'generated', inputTokens: 9, outputTokens: 7 } }],
    expect: { status: 200 },
    followedBy: [
      {
        request: {
          method: 'POST',
          path: '/chat/completions',
          body: { model: NANO.model, messages, stream: true },
        },
        provider: Array.from({ length: 6 }, () => ({
          answer: { kind: 'generated', inputTokens: 9, outputTokens: 8 },
          holdAfterContentEvents: 4,
        })),
        times: 6,
        atBarrier: { leaving: 3, facts: ['http_in_progress'] },
        expect: { status: 200, contentEvents: 8, endsCleanly: true },
      },
    ],
    movement: added(
      callEnded('chat/completions', { status: 200, outcome: 'success', times: 4 }),
      callEnded('chat/completions', { status: 499, outcome: 'client_abort', times: 3 }),
      attempted(NANO, { outcome: 'success' }),
      attempted(NANO, { outcome: 'success', hasContent: true, times: 3 }),
      attempted(NANO, { outcome: 'client_abort', hasContent: true, times: 3 }),
      billed(NANO, {
        source: 'provider',
        tokens: { input: 36, output: 31 },
        // 36 × 200,000 + 31 × 1,250,000
        costPicoUsd: 45_950_000,
        times: 4,
      }),
      billed(NANO, {
        source: 'estimate',
        tokens: { input: 15, output: 12 },
        // 15 × 200,000 + 12 × 1,250,000
        costPicoUsd: 18_000_000,
      }),
    ),
    movementIn: { production: { ...usersAsked(1), ...usersCached(6) } },
  },
];
