import { routeEnded } from '#contracts/credentials/movements.ts';
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
/** STREAMS_PER_USER in tally.config.ts. */
const STREAMS = 6;

const stream: Scenario['request'] = {
  method: 'POST',
  path: '/chat/completions',
  body: {
    model: MODEL,
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
      httpEnded(200, STREAMS),
      inferenceEnded('success', STREAMS),
      attemptEnded({ model: MODEL, outcome: 'success', credential: 'user', times: STREAMS }),
      firstTokenSeen(MODEL, STREAMS),
      usageReported(MODEL, { input: 54, output: 12, times: STREAMS }),
      metered({
        model: MODEL,
        source: 'provider',
        tokens: { input: 54, output: 12 },
        // 54 × 200,000 + 12 × 1,250,000
        costPicoUsd: 25_800_000,
      }),
      httpEnded(429),
      { 'byom_limited_requests_total{limit="streams"}': 1 },
      usersAsked(STREAMS + 1),
    ),
    movementIn: { production: { ...usersAsked(1), ...usersCached(STREAMS + 1) } },
  },
];
