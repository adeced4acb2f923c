import type { Cassette, Interaction } from './cassette.ts';
import { type IndexedInteraction, type RequestToMatch, recordedRequest } from './cassette-index.ts';
import { type Difference, findDifferences, formatDifference } from './differences.ts';
import { VolatilePaths } from './volatile-paths.ts';

/** The recorded interaction that differs least from a request, and how it differs. */
export interface NearestCassette {
  readonly id: string;
  readonly interaction: Interaction;
  readonly differences: readonly Difference[];
}

/** undefined when the provider has no cassette at all. */
export function findNearestCassette(
  request: RequestToMatch,
  cassettes: readonly Cassette[],
): NearestCassette | undefined {
  let nearest: NearestCassette | undefined;
  for (const cassette of cassettes.filter(({ provider }) => provider === request.provider)) {
    for (const interaction of cassette.interactions) {
      const differences = differencesFrom({ cassette, interaction }, request);
      if (nearest === undefined || distance(differences) < distance(nearest.differences)) {
        nearest = { id: cassette.id, interaction, differences };
      }
    }
  }
  return nearest;
}

/** A paragraph for a message: the cassette's id and its first differences, one per line. */
export function describeNearest(nearest: NearestCassette | undefined): string {
  if (nearest === undefined) {
    return 'There is no cassette of this provider to compare with.';
  }
  return [`The nearest cassette is "${nearest.id}":`, ...differenceLines(nearest)].join('\n');
}

/** The same for a request that should have been the recorded one. */
export function describeDrift(nearest: NearestCassette): string {
  const what = `The service now sends something else than the recording "${nearest.id}":`;
  return [what, ...differenceLines(nearest)].join('\n');
}

function differenceLines({ differences }: NearestCassette): string[] {
  const lines = differences.slice(0, LINES_MAX).map((one) => `  ${formatDifference(one)}`);
  const hidden = differences.length - lines.length;
  return hidden > 0 ? [...lines, `  and ${hidden} more`] : lines;
}

const LINES_MAX = 8;

function differencesFrom(found: IndexedInteraction, request: RequestToMatch): Difference[] {
  const recorded = recordedRequest(found);
  const places = (['method', 'path', 'query'] as const).flatMap((place) =>
    findDifferences(place, { cassette: recorded[place], request: request[place] }),
  );
  const volatile = VolatilePaths.parse(found.cassette.volatile);
  const bodies = { cassette: recorded.body, request: request.body };
  return [...places, ...findDifferences('body', bodies, volatile)];
}

/** Another path is another question: it weighs more than anything inside the body. */
function distance(differences: readonly Difference[]): number {
  const weigh = ({ path }: Difference) => (path.startsWith('body') ? 1 : 100);
  return differences.reduce((sum, difference) => sum + weigh(difference), 0);
}
