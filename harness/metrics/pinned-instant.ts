import { HarnessError } from '#harness/errors/harness-error.ts';
import type { PromqlRow } from './promql-answer.ts';
import type { PromqlClient } from './promql-client.ts';

/** The scrape by which Prometheus holds what a target showed at rest. */
export interface TargetScrape {
  /** Label matchers that select only this target's series. */
  readonly selector: string;
  /** Exactly as Prometheus gives it. */
  readonly atSeconds: number;
}

/** A moment at which the last scrape of every target was made at rest. */
export interface PinnedInstant {
  /** Evaluate every query there. */
  readonly atSeconds: number;
  readonly scrapes: readonly TargetScrape[];
}

const PROOF = 'tally_scrape';
/** Timestamps are whole milliseconds, told in seconds. */
const SAME_SECONDS = 0.000_5;

/**
 * Asks what a query answers at a pinned instant. An answer alone does not show where it comes from:
 * after a restart, from a replica, or where data is lost, Prometheus answers older samples, or
 * nothing, and means it. So each answer must bring along the timestamps of the scrapes that were
 * pinned, and what is asked twice must be answered alike. Throws H_METRICS_INSTANT_LOST else, and
 * what `instant` throws.
 */
export async function askPinned(
  promql: Pick<PromqlClient, 'instant' | 'shownUrl'>,
  query: string,
  pinned: PinnedInstant,
): Promise<PromqlRow[]> {
  const proofs = pinned.scrapes.map(
    ({ selector }, index) =>
      `label_replace(timestamp(up{${selector}}), "${PROOF}", "${index}", "", "")`,
  );
  // On a line of its own, as a query may end in a comment.
  const proven = `(${query}\n) or ${proofs.join(' or ')}`;
  async function ask(): Promise<PromqlRow[]> {
    const answer = await promql.instant(proven, { atSeconds: pinned.atSeconds });
    const wrong = pinned.scrapes.flatMap((scrape, index) => doubt(answer, scrape, index));
    if (wrong.length === 0) return answer.filter(({ labels }) => labels[PROOF] === undefined);
    throw lost(`is not from the scrape that was settled on: ${wrong.join('; ')}`);
  }
  const lost = (what: string) =>
    new HarnessError(`An answer of Prometheus at ${promql.shownUrl} ${what}.\nquery: ${query}`, {
      code: 'H_METRICS_INSTANT_LOST',
      fix: 'Let one Prometheus answer, not replicas in turn, and none that restarts or loses data; then run again.',
    });
  const [first, again] = [await ask(), await ask()];
  const changed = firstChange(first, again);
  if (changed !== undefined)
    throw lost(`about ${pinned.atSeconds} changed when asked again: ${changed}`);
  return first;
}

function doubt(
  answer: readonly PromqlRow[],
  { selector, atSeconds }: TargetScrape,
  index: number,
): string[] {
  const proof = answer.find(({ labels }) => labels[PROOF] === String(index));
  if (proof === undefined) return [`it knows no scrape of {${selector}}, wanted ${atSeconds}`];
  if (Math.abs(proof.value - atSeconds) < SAME_SECONDS) return [];
  return [`its last scrape of {${selector}} is ${proof.text}, wanted ${atSeconds}`];
}

/** A series that one answer has otherwise than the other, e.g. `{a="1"} 5 → absent`. */
function firstChange(one: readonly PromqlRow[], other: readonly PromqlRow[]): string | undefined {
  const before = textsBySeries(one);
  const after = textsBySeries(other);
  for (const series of new Set([...before.keys(), ...after.keys()])) {
    const [was = 'absent', is = 'absent'] = [before.get(series), after.get(series)];
    if (was !== is) return `${series} ${was} → ${is}`;
  }
  return undefined;
}

function textsBySeries(rows: readonly PromqlRow[]): ReadonlyMap<string, string> {
  return new Map(rows.map(({ labels, text }) => [JSON.stringify(sorted(labels)), text]));
}

function sorted(labels: PromqlRow['labels']): PromqlRow['labels'] {
  return Object.fromEntries(
    Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
