import { callMark } from '#harness/simulator/call-mark.ts';
import type { Scenario } from '#harness/traffic/scenario.ts';
import {
  answered,
  type Kind,
  providerReplaced,
  refused,
  retried,
  streamed,
  toScenario,
} from '../stress/call-kinds.ts';
import { TARGETS } from '../stress/targets.ts';

/** Which call: of which process of the service, of which client, which one of that client. */
export interface Place {
  process: number;
  client: number;
  turn: number;
}

/** Answers of one provider call and of two, and a refusal: each leaves its rows. */
const KINDS: readonly Kind[] = [answered, streamed, retried, providerReplaced, refused];

/**
 * One call of a client. Each process of the service has clients of its own: what a killed one left
 * unasked in the script queue of a key must answer nobody else.
 */
export function killScenario({ process, client, turn }: Place): Scenario {
  const kind = KINDS[(turn + client) % KINDS.length];
  const target = TARGETS[(client + Math.floor(turn / KINDS.length)) % TARGETS.length];
  if (kind === undefined || target === undefined) throw new RangeError('There is no traffic.');
  const mark = callMark(`${process}-${client}-${turn}`);
  const name = `process-${process}-client-${client}`;
  return {
    ...toScenario({ name, mark, target, kind, place: turn }),
    // The same caller asks everybody, turn by turn.
    credentials: { openai: 'valid', google: 'valid', anthropic: 'valid', azure: 'valid' },
    alwaysOwnKey: false,
  };
}
