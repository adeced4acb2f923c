import type { Labels, NotAWitness } from './fact.ts';
import type { WitnessValue } from './witness-value.ts';

/** One value of one witness, by the canonical text of its labels. */
export type Rows = ReadonlyMap<string, WitnessValue>;

/**
 * What one witness says of one fact: values, that it is no witness (declared), or that it could
 * not be read this time. The last is never equality.
 */
export type Reading = { rows: Rows } | NotAWitness | { couldNotRead: string };

/** `{provider="openai",outcome="cut"}` in the fact's own label order; "" for a single value. */
export function labelKey(labels: Labels, names: readonly string[]): string {
  if (names.length === 0) return '';
  return `{${names.map((name) => `${name}=${JSON.stringify(labels[name] ?? '')}`).join(',')}}`;
}
