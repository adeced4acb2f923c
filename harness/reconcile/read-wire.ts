import { CouldNotRead, type Equality, type Fact, type WireEvidence, type WireRow } from './fact.ts';
import { labelKey, type Reading } from './reading.ts';
import { toWitnessValue, type WitnessValue } from './witness-value.ts';

/** Asks the wire: sums its contributions by label set. Raced contributions make a range. */
export function readWire(fact: Fact, evidence: WireEvidence): Reading {
  if (typeof fact.wire !== 'function') return fact.wire;
  let contributions: readonly WireRow[];
  try {
    contributions = fact.wire(evidence);
  } catch (error) {
    if (error instanceof CouldNotRead) return { couldNotRead: error.message };
    throw error;
  }
  const rows = new Map<string, WitnessValue>();
  // A fact without labels has one value, which is 0 when nothing happened.
  if (fact.labels.length === 0 && fact.equality === 'integer') {
    rows.set('', { kind: 'exact', value: 0n });
  }
  for (const { labels, value } of contributions) {
    const key = labelKey(labels, fact.labels);
    rows.set(key, add(rows.get(key), contributionOf(value, fact.equality)));
  }
  return { rows };
}

function contributionOf(value: WireRow['value'], equality: Equality): WitnessValue {
  if (typeof value === 'object') {
    return { kind: 'range', min: BigInt(value.min), max: BigInt(value.max) };
  }
  return toWitnessValue(value, equality);
}

function add(sum: WitnessValue | undefined, more: WitnessValue): WitnessValue {
  if (sum === undefined) return more;
  const one = boundsOf(sum);
  const other = boundsOf(more);
  if (one === undefined || other === undefined) return more; // Floats and texts come once.
  const min = one.min + other.min;
  const max = one.max + other.max;
  return min === max ? { kind: 'exact', value: min } : { kind: 'range', min, max };
}

function boundsOf(value: WitnessValue): { min: bigint; max: bigint } | undefined {
  if (value.kind === 'range') return value;
  if (value.kind !== 'exact' || typeof value.value !== 'bigint') return undefined;
  return { min: value.value, max: value.value };
}
