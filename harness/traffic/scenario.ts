import type { ProviderScript } from '#harness/simulator/script.ts';

export type Mode = 'testing' | 'production';

/** Testing first: it is the mode whose errors are cheaper to meet. */
export const MODES: readonly Mode[] = ['testing', 'production'];

/**
 * Who sends a scenario's requests.
 * - own-key: a stored user with a provider credential of its own
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

/** What the client must be answered. */
export interface ExpectedAnswer {
  status: number;
  /** Content events the client must have read; for streams. */
  contentEvents?: number;
  /** Streams: whether the answer must end with its grammar's own end (`[DONE]`). */
  endsCleanly?: boolean;
  /** Errors: the `error.code` (or `error.type` when there is no code) of the answer. */
  error?: string;
  /** Literal headers, e.g. which credential paid. */
  headers?: Readonly<Record<string, string>>;
}

/** The request must match this recording, e.g. "openai/chat"; nothing is scripted. */
export interface CassetteAnswer {
  cassette: string;
}

/** Exact changes by series, e.g. `http_requests_total{method="POST",…}`: 1. */
export type ExpectedMovement = Readonly<Record<string, number>>;

/**
 * Named traffic as plain data: what the client does and what the provider does meanwhile. Each
 * scenario has callers of its own, so scenarios do not meet.
 */
export interface Scenario {
  /** kebab-case; unique. */
  name: string;
  /** One sentence: what happens and what must come of it. */
  says: string;
  caller: Caller;
  request: { method: 'POST'; path: string; body: Readonly<Record<string, unknown>> };
  /** What answers the provider calls, in this order; [] states that no provider is called. */
  provider: readonly (ProviderScript | CassetteAnswer)[];
  departure?: Departure;
  /** How often the request is sent, one after the other; 1 when left out. */
  times?: number;
  expect: ExpectedAnswer;
  /** What all sends together change in /metrics, in every mode… */
  movement: ExpectedMovement;
  /** …and what changes besides in one mode only (a difference that is allowed, literally). */
  movementIn?: Partial<Record<Mode, ExpectedMovement>>;
}

/** True when the client leaves while the provider may still be sending: amounts are ranges then. */
export function isRaced(scenario: Scenario): boolean {
  const { departure } = scenario;
  if (departure === undefined) return false;
  return scenario.provider.some((answer) => {
    const heldAfter = 'answer' in answer ? answer.holdAfterContentEvents : undefined;
    return heldAfter !== departure.afterContentEvents;
  });
}
