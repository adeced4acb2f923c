import type { Equality } from './fact.ts';

/**
 * What one witness says of one value. "absent" (PromQL has no such series, a summary no such
 * field) is neither 0 nor NaN.
 */
export type WitnessValue =
  | { kind: 'exact'; value: bigint | number | string }
  | { kind: 'range'; min: bigint; max: bigint }
  | { kind: 'absent' }
  | { kind: 'invalid'; said: string };

/** Turns what a witness said (text, number, bigint) into a value that can be compared. */
export function toWitnessValue(said: unknown, equality: Equality): WitnessValue {
  if (said === undefined || said === null) return { kind: 'absent' };
  if (equality === 'text') return toText(said);
  if (typeof said === 'bigint') {
    return { kind: 'exact', value: equality === 'integer' ? said : Number(said) };
  }
  return equality === 'integer' ? toInteger(said) : toFloat(said);
}

function toText(said: unknown): WitnessValue {
  if (Array.isArray(said)) return { kind: 'exact', value: said.map(String).join(', ') };
  if (typeof said === 'string') return { kind: 'exact', value: said };
  return invalid(said);
}

function toInteger(said: unknown): WitnessValue {
  if (typeof said === 'string' && /^-?\d+$/.test(said)) {
    return { kind: 'exact', value: BigInt(said) };
  }
  // Beyond 2^53 a float no longer tells integers apart.
  const number = numberOf(said);
  if (number === undefined || !Number.isSafeInteger(number)) return invalid(said);
  return { kind: 'exact', value: BigInt(number) };
}

function toFloat(said: unknown): WitnessValue {
  const number = numberOf(said);
  return number === undefined ? invalid(said) : { kind: 'exact', value: number };
}

function numberOf(said: unknown): number | undefined {
  if (typeof said === 'number') return Number.isNaN(said) ? undefined : said;
  if (typeof said !== 'string' || said.trim() === '') return undefined;
  const number = Number(said);
  return Number.isNaN(number) ? undefined : number;
}

function invalid(said: unknown): WitnessValue {
  return { kind: 'invalid', said: typeof said === 'string' ? JSON.stringify(said) : String(said) };
}

/** Whether two witnesses agree: equal bits, or an exact value inside a range. */
export function agree(one: WitnessValue, other: WitnessValue): boolean {
  if (one.kind === 'exact' && other.kind === 'exact') return Object.is(one.value, other.value);
  if (one.kind === 'range' && other.kind === 'exact') return isInside(other.value, one);
  if (one.kind === 'exact' && other.kind === 'range') return isInside(one.value, other);
  return false;
}

function isInside(value: bigint | number | string, range: { min: bigint; max: bigint }): boolean {
  return typeof value === 'bigint' && value >= range.min && value <= range.max;
}

/** How a value is shown in tables and messages; `-` is no witness of it. */
export function showValue(value: WitnessValue | undefined): string {
  switch (value?.kind) {
    case undefined:
      return '-';
    case 'exact':
      return String(value.value);
    case 'range':
      return `${value.min}..${value.max}`;
    case 'absent':
      return 'absent';
    case 'invalid':
      return `${value.said} (not a number)`;
  }
}
