import type { Finding } from '#harness/findings/finding.ts';
import type { Simulator } from '#harness/simulator/simulator.ts';
import type { Step } from './scenario.ts';
import type { ServiceCall } from './service-call.ts';

export interface PlayOptions {
  /** Base URL of the service. */
  url: string;
  /** Keys are derived from it. */
  seed: string;
  simulator: Pick<Simulator, 'script' | 'held' | 'release'> &
    // Of use where recordings answer.
    Partial<Pick<Simulator, 'expectCassette'>>;
  authorization: (serviceKey: string) => Record<string, string>;
  /** The client's ledger; every call is added to it before it is sent. */
  calls: ServiceCall[];
  /** Checks the named facts while calls are held; none is checked when left out. */
  checkFacts?: (names: readonly string[]) => Promise<readonly Finding[]>;
  /** How long calls may take to arrive at a barrier, milliseconds; 10,000 when left out. */
  heldWithinMs?: number;
  signal?: AbortSignal | undefined;
}

/** A call of the service, and what its step promises of it. */
export interface PlayedCall {
  promise: Pick<Step, 'expect' | 'departure'>;
  call: ServiceCall;
}

/** All calls of a scenario, ended, and what was found while they were held. */
export interface Play {
  played: readonly PlayedCall[];
  findings: readonly Finding[];
}

/** A request on its way; leave() makes its client go away. */
export interface Sent {
  call: ServiceCall;
  ended: Promise<void>;
  leave: () => void;
}
