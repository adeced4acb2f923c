/** Longer names are compared by their first characters only: enough for a hint, and bounded. */
const COMPARED_LENGTH_MAX = 200;

/**
 * The candidate that `name` was most likely meant to be, or undefined when none is near. Near is
 * at most one edit in three characters, where swapping two neighbours counts as one edit and case
 * counts for nothing. Of equally near candidates the first one wins.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = comparable(name);
  let nearest: string | undefined;
  let nearestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const offered = comparable(candidate);
    const longer = Math.max(wanted.length, offered.length);
    const limit = Math.min(Math.max(1, Math.floor(longer / 3)), longer - 1);
    // The difference in length is a lower bound of the distance, and costs nothing to know.
    if (Math.abs(wanted.length - offered.length) > limit) continue;
    const distance = editDistance(wanted, offered);
    if (distance <= limit && distance < nearestDistance) {
      nearest = candidate;
      nearestDistance = distance;
    }
  }
  return nearest;
}

/** ` Did you mean "…"?` to put behind a sentence, or an empty string when no candidate is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
}

function comparable(name: string): string {
  return name.slice(0, COMPARED_LENGTH_MAX).toLowerCase();
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? at(beforePrevious, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(at(previous, j) + 1, at(row, j - 1) + 1, replaced, swapped));
    }
    beforePrevious = previous;
    previous = row;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
