import type { ProviderCall } from '#harness/simulator/ledger.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';
import type { Window } from './until-quiet-edge.ts';

/** Declared per fact: this witness cannot know the quantity, and why. It is left out, not equal. */
export interface NotAWitness {
  notAWitness: string;
}

export function notAWitness(reason: string): NotAWitness {
  return { notAWitness: reason };
}

export type Labels = Readonly<Record<string, string>>;

/** What a wire witness reads: everything that went over both wires until the fence. */
export interface WireEvidence {
  readonly providerCalls: readonly WireCall[];
  /** Calls that ask no model, but which there are: so services check keys. Not among the others. */
  readonly modelLists: readonly WireCall[];
  readonly serviceCalls: readonly ServiceCall[];
  /** Monotonic milliseconds at which the summary was asked: the upper edge of every window. */
  readonly fencedAtMs: number;
}

/** A provider call with what the harness knows of the traffic that caused it. */
export interface WireCall extends ProviderCall {
  /** Which key paid: the caller's own credential or the service's system key. */
  readonly paidBy: 'user' | 'system';
  /** The call of the service that caused it; undefined when none was sent before it. */
  readonly cause: ServiceCall | undefined;
  /** 1 for the first provider call of that cause, 2 for a retry or a fallback, … */
  readonly attempt: number;
  /** The client left without a barrier while this call may still have been sending. */
  readonly raced: boolean;
  /** Content events that reached the client who asked. */
  readonly delivered: number;
}

/**
 * One contribution to a wire value: contributions with equal labels are summed. A raced call
 * contributes a range; everything else is exact.
 */
export interface WireRow {
  labels: Labels;
  value: number | bigint | string | { min: number | bigint; max: number | bigint };
}

/** Thrown by a wire witness that cannot answer this time (e.g. a window whose edge was busy). */
export class CouldNotRead extends Error {}

/**
 * How values are compared. integer: as BigInt, so that money in pico-USD stays exact. float64: bit
 * by bit. text: letter by letter (lists are joined with ", ").
 */
export type Equality = 'integer' | 'float64' | 'text';

/** A quantity with two to four witnesses that must agree exactly. */
export interface Fact {
  /** snake_case; unique. */
  name: string;
  /** One sentence: what is counted, in which unit. */
  says: string;
  /** The labels that tell its values apart; [] for a single value. */
  labels: readonly string[];
  equality: Equality;
  /**
   * Each of several instances tells the same (what is stored), or something of its own that is no
   * sum (a score): PromQL's values are not added up over them.
   */
  toldByEach?: true;
  /** For what is counted in a window that ends at the fence; the run then waits for its quiet edge. */
  window?: Window;
  wire: ((evidence: WireEvidence) => readonly WireRow[]) | NotAWitness;
  /** SQL whose columns are the labels and `value`. */
  database: string | NotAWitness;
  /** A path in the summary, e.g. "http_summary.total_requests", and how its number is scaled. */
  summary: SummaryWitness | NotAWitness;
  /** PromQL, answering a number per label set, or a ranked list; `$service` stands for the matchers that select the service's own series. */
  promql: string | RankedPromql | NotAWitness;
}

/** A query whose series are ranked by value, ties by label, and told as a list of label values. */
export interface RankedPromql {
  query: string;
  label: string;
  first: number;
}

export interface SummaryWitness {
  path: string;
  /** Multiplies the number and rounds to an integer (e.g. 1e12 for USD → pico-USD). */
  scale?: number;
}

export type WitnessName = 'wire' | 'database' | 'summary' | 'promql';
export const WITNESSES: readonly WitnessName[] = ['wire', 'database', 'summary', 'promql'];
