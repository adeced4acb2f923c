import type { Provider } from '#harness/cassettes/provider.ts';
import type { ProviderScript } from '#harness/simulator/script.ts';

export type Mode = 'testing' | 'production';

/** Testing first: it is the mode whose errors are cheaper to meet. */
export const MODES: readonly Mode[] = ['testing', 'production'];

/**
 * Who sends a scenario's requests.
 * - own-key: a stored user with provider credentials of its own
 * - system-key: a stored user without one, so that the service falls back to its system key
 * - unknown: a key that no stored user has
 */
export type Caller = 'own-key' | 'system-key' | 'unknown';

/**
 * When the client goes away before the answer ends. Without it the client reads to the end.
 * With a script that holds after as many events this is the barrier abort, and every witness is
 * exact; without a hold the abort races, and only the order delivered <= recorded <= sent holds.
 */
export interface Departure {
  afterContentEvents: number;
}

/** What happens while the provider holds every call of a step. */
export interface Barrier {
  /** How many of the clients leave; the others read to the end when the provider goes on. */
  leaving: number;
  /** Facts, by name, that must hold while all calls are held, and again when some have left. */
  facts: readonly string[];
  /** Sent when all calls are held, before the facts are checked; no provider may be called for it. */
  meanwhile?: Pick<Step, 'request' | 'times' | 'expect'>;
}

/** What the client must be answered. */
export interface ExpectedAnswer {
  status: number;
  /** Content events the client must have read; for streams. */
  contentEvents?: number;
  /** Streams: whether the answer must end with its grammar's own end (`[DONE]`, `message_stop`). */
  endsCleanly?: boolean;
  /** Errors: the `error.code` (or `error.type` when there is no code) of the answer. */
  error?: string;
  /** Literal headers, e.g. which credential paid. */
  headers?: Readonly<Record<string, string>>;
}

/** The request must match this recording, e.g. "openai/chat"; nothing is scripted. */
export interface CassetteAnswer {
  cassette: string;
  /** Why no live provider can be made to answer so; left out where it can be recorded. */
  cannotBeRecorded?: string;
}

/** The provider's own check of key and request must answer, e.g. a key that it does not know. */
export interface RulesAnswer {
  refusedBy: 'rules';
}

/** Which provider is called, and with whose key. */
export interface ProviderDoor {
  /** The caller's first own provider when left out; openai for a caller without one. */
  provider?: Provider;
  /** user for the caller "own-key", system for "system-key" when left out. */
  paidBy?: 'user' | 'system';
}

/** What one provider call must meet: where it goes, who pays, and what answers. */
export type ProviderAnswer = ProviderDoor & (ProviderScript | CassetteAnswer | RulesAnswer);

/**
 * A request of the service. `:name` as a segment of the path, or as the whole of a header's or a
 * body's value, stands for what an earlier step has saved under that name.
 */
export interface ServiceRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Also the route under which the service counts it, e.g. "/agent/sessions/:id/messages". */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: Readonly<Record<string, unknown>>;
}

/** One kind of request, and what must come of it. */
export interface Step {
  request: ServiceRequest;
  /** What answers the provider calls, in this order; [] states that no provider is called. */
  provider: readonly ProviderAnswer[];
  departure?: Departure;
  /** How often the request is sent, one after the other; 1 when left out. */
  times?: number;
  /** Sends them all at once instead, each with a script that holds it. */
  atBarrier?: Barrier;
  expect: ExpectedAnswer;
  /** What later steps need of the answer's body: a name, and the dotted path of its value. */
  saves?: Readonly<Record<string, string>>;
}

/** Exact changes by series, e.g. `http_requests_total{method="POST",…}`: 1. */
export type ExpectedMovement = Readonly<Record<string, number>>;

/**
 * Named traffic as plain data: what the client does and what the providers do meanwhile. Each
 * scenario has callers of its own, so scenarios do not meet.
 */
export interface Scenario extends Step {
  /** kebab-case; unique. */
  name: string;
  /** One sentence: what happens and what must come of it. */
  says: string;
  caller: Caller;
  /**
   * The provider keys that the caller "own-key" has stored; an invalid one is not known to its
   * provider. A valid one of openai when left out.
   */
  credentials?: Readonly<Partial<Record<Provider, 'valid' | 'invalid'>>>;
  /** true: the service's own keys never pay for this user. */
  alwaysOwnKey?: boolean;
  /** More requests of the same caller, one after the other. */
  followedBy?: readonly Step[];
  /**
   * The service is restarted afterwards. planned: when all witnesses were asked, it is told to
   * stop. killed: it ends without warning, and only the wire and the rows can be compared.
   */
  thenRestart?: 'planned' | 'killed';
  /** What all requests together change in /metrics, in every mode… */
  movement: ExpectedMovement;
  /** …and what changes besides in one mode only (a difference that is allowed, literally). */
  movementIn?: Partial<Record<Mode, ExpectedMovement>>;
}

/** Everything that a scenario sends, in this order. */
export function stepsOf(scenario: Scenario): readonly Step[] {
  return [scenario, ...(scenario.followedBy ?? [])];
}

/** The ids of the recordings that it names. */
export function cassettesOf(scenario: Scenario): string[] {
  const answers = stepsOf(scenario).flatMap(({ provider }) => provider);
  return answers.flatMap((answer) => ('cassette' in answer ? [answer.cassette] : []));
}

/** True when the client leaves while the provider may still be sending: amounts are ranges then. */
export function isRaced({ departure, provider }: Step): boolean {
  if (departure === undefined) return false;
  return provider.some((answer) => {
    if ('cassette' in answer) return true;
    if (!('answer' in answer) || answer.answer.kind === 'error') return false;
    return answer.holdAfterContentEvents !== departure.afterContentEvents;
  });
}
