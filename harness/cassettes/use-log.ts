import type { CassetteUse } from './cassette-use.ts';

/** Of a client that tries again for ever, the first reasons say it all. */
const REASONS_MAX = 10;

/** Keeps which recordings consumers should ask for, and what they asked for instead. */
export class UseLog {
  readonly #expected = new Map<string, Set<string>>();
  readonly #drifts = new Map<string, string[]>();
  readonly #misses = new Map<string, string[]>();

  expect(consumer: string, id: string): void {
    this.#expected.set(consumer, (this.#expected.get(consumer) ?? new Set()).add(id));
  }

  isExpected(consumer: string, id: string): boolean {
    return this.#expected.get(consumer)?.has(id) ?? false;
  }

  noteDrift(id: string, why: string): void {
    note(this.#drifts, id, why);
  }

  noteMiss(id: string, why: string): void {
    note(this.#misses, id, why);
  }

  /** `unused` are the cassette's interactions that were never asked for. */
  useOf(id: string, unused: readonly number[]): CassetteUse {
    const drifts = this.#drifts.get(id) ?? [];
    return { id, unused, drifts, misses: this.#misses.get(id) ?? [] };
  }
}

function note(reasons: Map<string, string[]>, id: string, why: string): void {
  const known = reasons.get(id) ?? [];
  if (known.length < REASONS_MAX) reasons.set(id, [...known, why]);
}
