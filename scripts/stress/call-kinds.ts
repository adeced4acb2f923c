import type { ProviderAnswer, Scenario } from '#harness/traffic/scenario.ts';
import { askFor, type Target } from './targets.ts';

/** What a kind of call adds to the plain one with an own key that is answered at once. */
export type Variant = Partial<
  Pick<Scenario, 'caller' | 'alwaysOwnKey' | 'departure' | 'provider'>
> & {
  hasBadKey?: boolean;
  stream?: boolean;
  expect?: Partial<Scenario['expect']>;
};

/** How far a stream's client reads and how fast its provider sends differ from call to call. */
const STREAM_EVENTS = 40;
const LEAVES_AFTER_MAX = 20;
const PAUSES_MS_MAX = 3;

/**
 * The system's keys are everybody's, and scripts are queued by key: whichever call takes one must
 * find the same answer.
 */
const SYSTEM_ANSWER = {
  answer: { kind: 'generated', inputTokens: 9, outputTokens: STREAM_EVENTS },
  betweenEventsMs: 1,
} as const;

const ownAnswer = (place: number) =>
  ({ kind: 'generated', inputTokens: 5 + (place % 11), outputTokens: STREAM_EVENTS }) as const;

/** What a call is besides; `place` makes one differ from the next. */
export type Kind = (target: Target, place: number) => Variant;

export const answered: Kind = () => ({});
export const streamed: Kind = () => ({ stream: true });

export const paidBySystem: Kind = () => ({ caller: 'system-key', provider: [SYSTEM_ANSWER] });

export const retried: Kind = (_, place) => ({
  provider: [
    { answer: { kind: 'error', status: 429, retryAfterSeconds: 0 } },
    { answer: ownAnswer(place) },
  ],
});

/** The provider does not know the caller's key; the system's takes over. */
export const keyReplaced: Kind = ({ provider }) => ({
  hasBadKey: true,
  provider: [{ refusedBy: 'rules' }, { ...SYSTEM_ANSWER, provider, paidBy: 'system' }],
});

/** The provider is busy or down: the system pays at OpenAI, whose model is its default one. */
export const providerReplaced: Kind = ({ provider }) => ({
  provider: [
    {
      answer: { kind: 'error', status: provider === 'openai' ? 429 : 503, shouldRetry: false },
    },
    { ...SYSTEM_ANSWER, provider: 'openai', paidBy: 'system' },
  ],
});

export const heldAbort: Kind = (_, place) => {
  const afterContentEvents = 1 + (place % LEAVES_AFTER_MAX);
  return {
    stream: true,
    provider: [{ answer: ownAnswer(place), holdAfterContentEvents: afterContentEvents }],
    departure: { afterContentEvents },
    expect: { contentEvents: afterContentEvents },
  };
};

export const racedAbort: Kind = (_, place) => ({
  stream: true,
  provider: [{ answer: ownAnswer(place), betweenEventsMs: place % PAUSES_MS_MAX }],
  ...leavesAt(place),
});

export const racedSystemAbort: Kind = (_, place) => ({
  caller: 'system-key',
  stream: true,
  provider: [SYSTEM_ANSWER],
  ...leavesAt(place),
});

export const refused: Kind = () => unanswered(400);
export const broken: Kind = () => unanswered(500);

export const unknownKey: Kind = () => ({
  alwaysOwnKey: true,
  hasBadKey: true,
  provider: [{ refusedBy: 'rules' }],
  expect: { status: 401 },
});

export const cut: Kind = (_, place) => ({
  stream: true,
  provider: [{ answer: ownAnswer(place), cutAfterContentEvents: place % STREAM_EVENTS }],
  expect: { contentEvents: place % STREAM_EVENTS, endsCleanly: false },
});

function leavesAt(place: number) {
  const afterContentEvents = 1 + (place % LEAVES_AFTER_MAX);
  return { departure: { afterContentEvents }, expect: { contentEvents: afterContentEvents } };
}

function unanswered(status: number): Variant {
  return {
    alwaysOwnKey: true,
    provider: [{ answer: { kind: 'error', status, shouldRetry: false } }],
    expect: { status },
  };
}

export interface PlacedCall {
  /** Of the scenario: its caller. */
  name: string;
  mark: string;
  target: Target;
  kind: Kind;
  place: number;
}

/** A call with credentials of its caller's own at the target's provider. */
export function toScenario({ name, mark, target, kind, place }: PlacedCall): Scenario {
  const { hasBadKey = false, stream = false, expect, ...own } = kind(target, place);
  const { provider, path } = target;
  const answers = own.provider ?? [{ answer: ownAnswer(place) }];
  return {
    name,
    says: `${stream ? 'A stream' : 'An answer'} of ${provider} by ${path}, among all others.`,
    caller: 'own-key',
    credentials: { [provider]: hasBadKey ? 'invalid' : 'valid' },
    movement: {},
    ...own,
    request: askFor(target, { mark, stream }),
    provider: answers.map((answer): ProviderAnswer => ({ provider, ...answer })),
    expect: { status: 200, ...expect },
  };
}
