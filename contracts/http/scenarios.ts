import {
  added,
  attemptEnded,
  firstTokenSeen,
  httpEnded,
  inferenceEnded,
  metered,
  usageReported,
  usersAsked,
  usersCached,
} from '#contracts/movements.ts';
import type { Scenario } from '#harness/index.ts';

const MODEL = 'gpt-5.4-nano';
// 20 characters, which the service estimates as 5 tokens where no usage is reported.
const messages = [{ role: 'user', content: 'Name three witnesses' }];

/** What the gauge of requests in flight must show while there are some. */
export const httpScenarios: readonly Scenario[] = [
  {
    name: 'streams-in-flight',
    says: 'Six streams are held at once and half their clients leave: the gauge shows 6, 3 and 0.',
    caller: 'own-key',
    // Alone, so that in production each of the six finds the user remembered.
    request: { method: 'POST', path: '/chat/completions', body: { model: MODEL, messages } },
    provider: [{ answer: { kind: 'generated', inputTokens: 9, outputTokens: 7 } }],
    expect: { status: 200 },
    followedBy: [
      {
        request: {
          method: 'POST',
          path: '/chat/completions',
          body: { model: MODEL, messages, stream: true },
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
      httpEnded(200, 4),
      httpEnded(499, 3),
      inferenceEnded('success', 4),
      inferenceEnded('client_abort', 3),
      attemptEnded({ model: MODEL, outcome: 'success', credential: 'user', times: 4 }),
      attemptEnded({ model: MODEL, outcome: 'client_abort', credential: 'user', times: 3 }),
      firstTokenSeen(MODEL, 6),
      usageReported(MODEL, { input: 36, output: 31, times: 4 }),
      metered({
        model: MODEL,
        source: 'provider',
        tokens: { input: 36, output: 31 },
        // 36 × 200,000 + 31 × 1,250,000
        costPicoUsd: 45_950_000,
      }),
      metered({
        model: MODEL,
        source: 'estimate',
        tokens: { input: 15, output: 12 },
        // 15 × 200,000 + 12 × 1,250,000
        costPicoUsd: 18_000_000,
      }),
    ),
    movementIn: { testing: usersAsked(7), production: added(usersAsked(1), usersCached(6)) },
  },
];
