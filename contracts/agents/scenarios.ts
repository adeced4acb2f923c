import { attempted, billed } from '#contracts/inference/movements.ts';
import { added, routeEnded, usersAsked, usersCached } from '#contracts/movements.ts';
import type { Scenario } from '#harness/index.ts';

const NANO = { provider: 'openai', model: 'gpt-5.4-nano' } as const;
const TURNS = 2;

/** Talks that the service remembers. */
export const agentScenarios: readonly Scenario[] = [
  {
    name: 'agent-session',
    says: 'A session is one more that is stored; each of its turns is a call to the model.',
    caller: 'own-key',
    request: { method: 'POST', path: '/agent/sessions', body: { model: NANO.model } },
    provider: [],
    expect: { status: 201 },
    saves: { id: 'id' },
    followedBy: [
      {
        request: {
          method: 'POST',
          path: '/agent/sessions/:id/messages',
          body: { content: 'Name three witnesses' },
        },
        provider: Array.from({ length: TURNS }, () => ({
          answer: { kind: 'generated', inputTokens: 9, outputTokens: 7 },
        })),
        times: TURNS,
        expect: { status: 200, headers: { 'x-byom-credential': 'user' } },
      },
    ],
    movement: added(
      routeEnded('POST /agent/sessions', 201),
      routeEnded('POST /agent/sessions/:id/messages', 200, TURNS),
      { 'byom_inference_requests_total{endpoint="agent/sessions",outcome="success"}': TURNS },
      attempted(NANO, { outcome: 'success', times: TURNS }),
      billed(NANO, {
        source: 'provider',
        tokens: { input: 18, output: 14 },
        // 18 × 200,000 + 14 × 1,250,000
        costPicoUsd: 21_100_000,
        times: TURNS,
      }),
    ),
    movementIn: { production: { ...usersAsked(1), ...usersCached(TURNS) } },
  },
];
