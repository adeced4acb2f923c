import { callMark } from '#harness/simulator/call-mark.ts';
import type { ProviderAnswer, Scenario } from '#harness/traffic/scenario.ts';
import { askFor, TARGETS, type Target } from './targets.ts';

/** What a kind of call adds to the plain one with an own key that is answered at once. */
type Variant = Partial<Pick<Scenario, 'caller' | 'alwaysOwnKey' | 'departure' | 'provider'>> & {
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

type Kind = (target: Target, place: number) => Variant;

const answered: Kind = () => ({});
const streamed: Kind = () => ({ stream: true });

const paidBySystem: Kind = () => ({ caller: 'system-key', provider: [SYSTEM_ANSWER] });

const retried: Kind = (_, place) => ({
  provider: [
    { answer: { kind: 'error', status: 429, retryAfterSeconds: 0 } },
    { answer: ownAnswer(place) },
  ],
});

/** The provider does not know the caller's key; the system's takes over. */
const keyReplaced: Kind = ({ provider }) => ({
  hasBadKey: true,
  provider: [{ refusedBy: 'rules' }, { ...SYSTEM_ANSWER, provider, paidBy: 'system' }],
});

/** The provider is busy or down: the system pays at OpenAI, whose model is its default one. */
const providerReplaced: Kind = ({ provider }) => ({
  provider: [
    {
      answer: { kind: 'error', status: provider === 'openai' ? 429 : 503, shouldRetry: false },
    },
    { ...SYSTEM_ANSWER, provider: 'openai', paidBy: 'system' },
  ],
});

const heldAbort: Kind = (_, place) => {
  const afterContentEvents = 1 + (place % LEAVES_AFTER_MAX);
  return {
    stream: true,
    provider: [{ answer: ownAnswer(place), holdAfterContentEvents: afterContentEvents }],
    departure: { afterContentEvents },
    expect: { contentEvents: afterContentEvents },
  };
};

const racedAbort: Kind = (_, place) => ({
  stream: true,
  provider: [{ answer: ownAnswer(place), betweenEventsMs: place % PAUSES_MS_MAX }],
  ...leavesAt(place),
});

const racedSystemAbort: Kind = (_, place) => ({
  caller: 'system-key',
  stream: true,
  provider: [SYSTEM_ANSWER],
  ...leavesAt(place),
});

const refused: Kind = () => unanswered(400);
const broken: Kind = () => unanswered(500);

const unknownKey: Kind = () => ({
  alwaysOwnKey: true,
  hasBadKey: true,
  provider: [{ refusedBy: 'rules' }],
  expect: { status: 401 },
});

const cut: Kind = (_, place) => ({
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

/** Of 40 calls 10 are aborted, half of them at a barrier, and 4 fail. */
const MIX: readonly (readonly [times: number, kind: Kind])[] = [
  [7, answered],
  [7, streamed],
  [3, paidBySystem],
  [3, (...at) => ({ ...paidBySystem(...at), stream: true })],
  [2, retried],
  [2, keyReplaced],
  [2, providerReplaced],
  [5, heldAbort],
  [3, racedAbort],
  [2, racedSystemAbort],
  [1, refused],
  [1, broken],
  [1, unknownKey],
  [1, cut],
];
const KINDS = MIX.flatMap(([times, kind]) => Array.from({ length: times }, () => kind));

/** The calls come in multiples of this, so that every round has every kind in its share. */
export const MIX_SIZE = KINDS.length;

/**
 * The calls of one round, one caller each: scripts are queued by key, so two calls of one caller
 * could take each other's. A caller asks for the same kind of answer in every round.
 */
export function loadScenarios({ calls, round }: { calls: number; round: number }): Scenario[] {
  return Array.from({ length: calls }, (_, index) => {
    const kind = KINDS[index % MIX_SIZE] ?? answered;
    // One further each time the mix repeats, so that every kind meets every target.
    const target = TARGETS[(index + Math.floor(index / MIX_SIZE)) % TARGETS.length];
    if (target === undefined) throw new RangeError('There is no target.');
    const place = index + round;
    return toScenario({ index, round, target, variant: kind(target, place) });
  });
}

interface Place {
  index: number;
  round: number;
  target: Target;
  variant: Variant;
}

function toScenario({ index, round, target, variant }: Place): Scenario {
  const { hasBadKey = false, stream = false, expect, ...own } = variant;
  const { provider, path } = target;
  const door = own.caller === 'system-key' ? { provider } : {};
  return {
    name: `load-${index}`,
    says: `${stream ? 'A stream' : 'An answer'} of ${provider} by ${path}, among all others.`,
    caller: 'own-key',
    credentials: { [provider]: hasBadKey ? 'invalid' : 'valid' },
    movement: {},
    ...own,
    request: askFor(target, { mark: callMark(`${round}-${index}`), stream }),
    provider: (own.provider ?? [{ answer: ownAnswer(index + round) }]).map(
      (answer): ProviderAnswer => ({ ...door, ...answer }),
    ),
    expect: { status: 200, ...expect },
  };
}
