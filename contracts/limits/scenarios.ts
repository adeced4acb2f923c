import { attempted, billed, callEnded } from '#contracts/inference/movements.ts';
import { added, routeEnded, usersAsked, usersCached } from '#contracts/movements.ts';
import type { Scenario } from '#harness/index.ts';

const NANO = { provider: 'openai', model: 'gpt-5.4-nano' } as const;
/** STREAMS_PER_USER in tally.config.ts. */
const STREAMS = 6;

const stream: Scenario['request'] = {
  method: 'POST',
  path: '/chat/completions',
  body: {
    model: NANO.model,
    messages: [{ role: 'user', content: 'Name three witnesses' }],
    stream: true,
  },
};

/** What the service refuses because of its own limits. */
export const limitScenarios: readonly Scenario[] = [
  {
    name: 'too-many-streams',
    says: 'One stream more than a user may have is refused, and no provider is asked or blamed.',
    caller: 'own-key',
    // Alone, so that in production each of the others finds the user remembered.
    request: { method: 'GET', path: '/user-settings' },
    provider: [],
    expect: { status: 200 },
    followedBy: [
      {
        request: stream,
        provider: Array.from({ length: STREAMS }, () => ({
          answer: { kind: 'generated', inputTokens: 9, outputTokens: 2 },
          holdAfterContentEvents: 1,
        })),
        times: STREAMS,
        atBarrier: {
          leaving: 0,
          facts: ['limited_requests'],
          meanwhile: { request: stream, expect: { status: 429, error: 'rate_limit_exceeded' } },
        },
        expect: { status: 200, contentEvents: 2, endsCleanly: true },
      },
    ],
    movement: added(
      routeEnded('GET /user-settings', 200),
      callEnded('chat/completions', { status: 200, outcome: 'success', times: STREAMS }),
      attempted(NANO, { outcome: 'success', hasContent: true, times: STREAMS }),
      billed(NANO, {
        source: 'provider',
        tokens: { input: 54, output: 12 },
        // 54 × 200,000 + 12 × 1,250,000
        costPicoUsd: 25_800_000,
        times: STREAMS,
      }),
      routeEnded('POST /chat/completions', 429),
      { 'byom_limited_requests_total{limit="streams"}': 1 },
    ),
    movementIn: { production: { ...usersAsked(1), ...usersCached(STREAMS + 1) } },
  },
];
