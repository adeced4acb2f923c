import type { Cassette } from './cassette.ts';
import type { CassetteUse } from './cassette-use.ts';
import { type FreshnessRules, whyStale } from './why-stale.ts';

/**
 * What a cassette proved in a run, the gravest first.
 * - DRIFT: the service now sends something else than it did when this was recorded
 * - MISS: where it was expected, a call came that no recording answers, or one too many
 * - UNUSED: it, or a part of it, was never asked for
 * - UNCHECKED: nobody looked
 * - STALE: it was replayed, but the provider may answer something else today
 * - HIT: it was replayed, and is fresh
 */
export const CASSETTE_OUTCOMES = ['DRIFT', 'MISS', 'UNUSED', 'UNCHECKED', 'STALE', 'HIT'] as const;

/** One cassette's line in the verdict. */
export interface CassetteOutcome {
  /** `<provider>/<case>`. */
  id: string;
  provenance: Cassette['provenance']['kind'];
  outcome: (typeof CASSETTE_OUTCOMES)[number];
  /** For every outcome but HIT. */
  reason?: string;
}

/** What became of the cassette in one mode. */
export type UseInMode = CassetteUse & { readonly mode: string };

/** `uses` are those of all modes; [] when it could not be replayed in any. */
export function judgeCassette(
  cassette: Cassette,
  { uses, rules, isNamed }: { uses: readonly UseInMode[]; rules: FreshnessRules; isNamed: boolean },
): CassetteOutcome {
  const judged = judgeUse(cassette, { uses, isNamed }) ?? judgeFreshness(cassette, rules);
  return { id: cassette.id, provenance: cassette.provenance.kind, ...judged };
}

type Judged = Pick<CassetteOutcome, 'outcome' | 'reason'>;

function judgeUse(
  { interactions }: Cassette,
  { uses, isNamed }: { uses: readonly UseInMode[]; isNamed: boolean },
): Judged | undefined {
  if (!isNamed) return { outcome: 'UNUSED', reason: 'no scenario names it' };
  if (interactions.length === 0) {
    return { outcome: 'UNCHECKED', reason: 'it is empty: replaying it proves nothing' };
  }
  if (uses.length === 0) return { outcome: 'UNCHECKED', reason: 'no scenario was played' };
  const judged = uses.flatMap(({ mode, drifts, misses, unused }): Judged[] => [
    ...drifts.map((why) => ({ outcome: 'DRIFT' as const, reason: `in ${mode}: ${why}` })),
    ...misses.map((why) => ({ outcome: 'MISS' as const, reason: `in ${mode}: ${why}` })),
    ...unused.map((number) => ({
      outcome: 'UNUSED' as const,
      reason: `in ${mode}: interaction ${number} was never asked for`,
    })),
  ]);
  const gravity = ({ outcome }: Judged): number => CASSETTE_OUTCOMES.indexOf(outcome);
  return judged.sort((one, other) => gravity(one) - gravity(other))[0];
}

function judgeFreshness(cassette: Cassette, rules: FreshnessRules): Judged {
  const reason = whyStale(cassette, rules);
  return reason === undefined ? { outcome: 'HIT' } : { outcome: 'STALE', reason };
}
