import type { Scenario } from '#harness/traffic/scenario.ts';

export type AbortKind = 'barrier' | 'raced';
export const ABORT_KINDS: readonly AbortKind[] = ['barrier', 'raced'];

const STREAM_EVENTS = 40;
const LEAVES_AFTER_MAX = 20;
const PAUSES_MS_MAX = 3;

/**
 * The same abort held at a barrier or racing with the provider. Where the client leaves, and how
 * fast the provider sends, differ from round to round.
 */
export function abortScenario(kind: AbortKind, round: number) {
  const afterContentEvents = 1 + (round % LEAVES_AFTER_MAX);
  const answer = { kind: 'generated', inputTokens: 9, outputTokens: STREAM_EVENTS } as const;
  const messages = [{ role: 'user', content: 'Name three witnesses' }];
  return {
    name: `abort-${kind}`,
    says: kind === 'barrier' ? 'A client leaves at a barrier.' : 'A client leaves at any moment.',
    caller: 'own-key',
    request: {
      method: 'POST',
      path: '/chat/completions',
      body: { model: 'gpt-5.4-nano', stream: true, messages },
    },
    provider: [
      kind === 'barrier'
        ? { answer, holdAfterContentEvents: afterContentEvents }
        : { answer, betweenEventsMs: round % PAUSES_MS_MAX },
    ],
    departure: { afterContentEvents },
    expect: { status: 200, contentEvents: afterContentEvents },
    movement: {},
  } satisfies Scenario;
}
