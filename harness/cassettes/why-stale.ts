import type { Cassette } from './cassette.ts';
import { FORMAT } from './format.ts';

const DAY_MS = 86_400_000;

/** By what a recording is judged to be out of date; days are written as "2026-11-22". */
export interface FreshnessRules {
  readonly today: string;
  /** Any age is fresh when left out. */
  readonly maxAgeDays?: number | undefined;
  /** The day of retirement by `<provider>/<model>`. */
  readonly retiredOn: ReadonlyMap<string, string>;
}

/** Why the provider may answer something else today; undefined for a fresh recording. */
export function whyStale(
  { provider, provenance, format = FORMAT, expires }: Cassette,
  { today, maxAgeDays = Number.POSITIVE_INFINITY, retiredOn }: FreshnessRules,
): string | undefined {
  if (format < FORMAT) return `it is of format ${format}, today's is ${FORMAT}`;
  if (expires !== undefined && expires <= today) return `it expired on ${expires}`;
  const ageDays = Math.floor((Date.parse(today) - Date.parse(provenance.date)) / DAY_MS);
  if (ageDays > maxAgeDays) {
    return `it is ${ageDays} days old (${provenance.date}), the configuration allows ${maxAgeDays}`;
  }
  for (const model of new Set([provenance.modelRequested, provenance.modelServed])) {
    const retired = retiredOn.get(`${provider}/${model}`);
    if (retired !== undefined && retired <= today) {
      return `its model ${model} was retired on ${retired}`;
    }
  }
  return undefined;
}
