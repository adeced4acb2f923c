import { didYouMean } from '#harness/errors/nearest-name.ts';
import type { Exposition, Sample } from './exposition.ts';
import { invalidSeries } from './invalid-series.ts';
import type { Movement, SeriesChange } from './movement.ts';
import { isBeyondExact } from './movement-between.ts';
import { linesOf, type Observations } from './observations.ts';
import { parseSeries } from './parse-series.ts';
import { readSeries } from './read-series.ts';

/**
 * The exact change of each series, by name and labels in any order, e.g.
 * `{'http_requests_total{method="POST",status="200"}': 1}`. 0 states that a series is there and
 * does not move. A histogram's buckets, and the sum of one that measures time, need no line; its bare
 * name states observations instead, e.g. `{'wait_seconds': { count: 1, above: 0.25, upTo: 0.5 }}`.
 */
export type StatedMovement = Readonly<
  Record<string, number | Observations | readonly Observations[]>
>;

export interface MovementDifference {
  /**
   * missing: stated, but did not move. different: moved by another amount. unexplained: moved, but
   * was not stated. impossible: no such change can be right, stated or not.
   */
  readonly kind: 'missing' | 'different' | 'unexplained' | 'impossible';
  readonly key: string;
  readonly stated: number | string | undefined;
  readonly found: number | undefined;
  /** One sentence on what was seen, e.g. with the nearest name of a misspelt one. */
  readonly note: string;
}

/**
 * Every line in which a movement is not what was stated; none when both are equal. Pure. Throws
 * HarnessError H_METRICS_SERIES when a stated line is no series.
 */
export function compareMovement(stated: StatedMovement, movement: Movement): MovementDifference[] {
  const wanted = canonical(stated, movement.after);
  const changes = new Map(movement.changes.map((change) => [change.key, change]));
  const missing = [...wanted].flatMap(([key, value]) =>
    changes.has(key) ? [] : missed(key, value, movement.after),
  );
  const found = movement.changes.flatMap((change) => judge(change, wanted.get(change.key)));
  return [...missing, ...found];
}

function canonical(stated: StatedMovement, after: Exposition): ReadonlyMap<string, number> {
  const wanted = new Map<string, number>();
  for (const [text, value] of Object.entries(stated)) {
    const lines: readonly (readonly [string, number])[] =
      typeof value === 'number'
        ? [[parseSeries(text).key, value]]
        : linesOf(text, [value].flat(), after);
    for (const [key, change] of lines) {
      if (wanted.has(key)) throw invalidSeries(text, new Error('it is stated twice'));
      wanted.set(key, change);
    }
  }
  return wanted;
}

function missed(key: string, stated: number, after: Exposition): MovementDifference[] {
  const samples = [...after.families.values()].flatMap((family) => family.samples);
  const sample = samples.find((candidate) => candidate.key === key);
  if (sample !== undefined && stated === 0 && !Number.isNaN(sample.value)) return [];
  const note = sample === undefined ? unknownSeries(key, samples) : unmoved(sample);
  return [{ kind: 'missing', key, stated, found: undefined, note }];
}

function unknownSeries(key: string, samples: readonly Sample[]): string {
  const { name } = readSeries(key).series;
  const namesakes = samples.filter((sample) => sample.name === name);
  if (namesakes.length === 0) {
    const names = new Set(samples.map((sample) => sample.name));
    return `there is no metric ${name}.${didYouMean(name, names)}`;
  }
  const keys = namesakes.map((sample) => sample.key);
  return `${name} has no such labels.${didYouMean(key, keys)}`;
}

function unmoved({ value }: Sample): string {
  if (Number.isNaN(value)) return 'it was NaN before: what was once given NaN never moves again.';
  if (isBeyondExact(value)) return `it stays ${value}: beyond 2^53 increments are lost.`;
  return `it stays ${value}.`;
}

function judge(change: SeriesChange, stated: number | undefined): MovementDifference[] {
  const { key, change: found, fault } = change;
  if (fault !== undefined) return [{ kind: 'impossible', key, stated, found, note: `${fault}.` }];
  if (stated === undefined) {
    if (change.impliedBy !== undefined) return [];
    return [{ kind: 'unexplained', key, stated, found, note: `it went ${fromTo(change)}.` }];
  }
  if (found === stated) return [];
  return [{ kind: 'different', key, stated, found, note: `it went ${fromTo(change)}.` }];
}

/** e.g. "from 3 to 4". */
export function fromTo({ before, after }: SeriesChange): string {
  return `from ${before ?? 'absent'} to ${after ?? 'absent'}`;
}
