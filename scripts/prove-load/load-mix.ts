import { callMark } from '#harness/simulator/call-mark.ts';
import type { Scenario } from '#harness/traffic/scenario.ts';
import {
  answered,
  broken,
  cut,
  heldAbort,
  type Kind,
  keyReplaced,
  paidBySystem,
  providerReplaced,
  racedAbort,
  racedSystemAbort,
  refused,
  retried,
  streamed,
  toScenario,
  unknownKey,
} from '../stress/call-kinds.ts';
import { TARGETS } from '../stress/targets.ts';

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
    const mark = callMark(`${round}-${index}`);
    return toScenario({ name: `load-${index}`, mark, target, kind, place: index + round });
  });
}
