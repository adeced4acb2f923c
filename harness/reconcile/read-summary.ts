import { valueAt } from '#harness/json/value-at.ts';
import type { Fact } from './fact.ts';
import type { Reading } from './reading.ts';
import { toWitnessValue, type WitnessValue } from './witness-value.ts';

/** Asks the service's own summary, which is one JSON object read at the fence. */
export function readSummary(fact: Fact, summary: unknown): Reading {
  if ('notAWitness' in fact.summary) return fact.summary;
  const { path, scale } = fact.summary;
  const said = valueAt(summary, path);
  return { rows: new Map([['', scaled(said, scale, fact)]]) };
}

function scaled(said: unknown, scale: number | undefined, fact: Fact): WitnessValue {
  if (scale === undefined || typeof said !== 'number') return toWitnessValue(said, fact.equality);
  return toWitnessValue(Math.round(said * scale), fact.equality);
}

/** The paths of all quantities that a summary shows; `aside` are fields that are none. */
export function summaryFields(summary: unknown, aside: readonly string[]): string[] {
  return leafPaths(summary).filter((path) => !aside.includes(path));
}

/** Every leaf of the summary as a dotted path; a list is one leaf. */
export function leafPaths(json: unknown, prefix = ''): string[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return [prefix];
  return Object.entries(json).flatMap(([name, value]) =>
    leafPaths(value, prefix === '' ? name : `${prefix}.${name}`),
  );
}
