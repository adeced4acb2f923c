import { callMark } from '#harness/simulator/call-mark.ts';
import type { ProviderAnswer, Scenario } from '#harness/traffic/scenario.ts';
import { askFor, TARGETS, type Target } from '../prove-load/targets.ts';

/** Which call: of which process of the service, of which client, which one of that client. */
export interface Place {
  process: number;
  client: number;
  turn: number;
}

const ANSWER = { kind: 'generated', inputTokens: 9, outputTokens: 8 } as const;

interface Kind {
  stream?: boolean;
  provider: (target: Target) => readonly ProviderAnswer[];
  status?: number;
}

/** Answers of one provider call and of two, and a refusal: each call leaves its rows. */
const KINDS: readonly Kind[] = [
  { provider: () => [{ answer: ANSWER }] },
  { provider: () => [{ answer: ANSWER, betweenEventsMs: 1 }], stream: true },
  {
    provider: () => [
      { answer: { kind: 'error', status: 429, retryAfterSeconds: 0 } },
      { answer: ANSWER },
    ],
  },
  {
    // Busy or down: the system pays at OpenAI, whose model is its default one.
    provider: ({ provider }) => [
      { answer: { kind: 'error', status: provider === 'openai' ? 429 : 503, shouldRetry: false } },
      { answer: ANSWER, provider: 'openai', paidBy: 'system' },
    ],
    stream: true,
  },
  {
    provider: () => [{ answer: { kind: 'error', status: 400, shouldRetry: false } }],
    status: 400,
  },
];

/**
 * One call of a client. Each process of the service has clients of its own: what a killed one left
 * unasked in the script queue of a key must answer nobody else.
 */
export function killScenario({ process, client, turn }: Place): Scenario {
  const kind = KINDS[(turn + client) % KINDS.length];
  const target = TARGETS[(client + Math.floor(turn / KINDS.length)) % TARGETS.length];
  if (kind === undefined || target === undefined) throw new RangeError('There is no traffic.');
  const { provider } = target;
  const mark = callMark(`${process}-${client}-${turn}`);
  return {
    name: `process-${process}-client-${client}`,
    says: `A call that its client reads to the end, unless the service is killed.`,
    caller: 'own-key',
    credentials: { openai: 'valid', google: 'valid', anthropic: 'valid' },
    request: askFor(target, { mark, stream: kind.stream ?? false }),
    provider: kind.provider(target).map((answer) => ({ provider, ...answer })),
    expect: { status: kind.status ?? 200 },
    movement: {},
  };
}
