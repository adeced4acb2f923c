import type { Catalogue } from '../catalogue/catalogue.ts';
import { costPicoUsd, NO_TOKENS, type TokenCounts } from '../catalogue/cost.ts';
import { roundDurationSeconds } from './round-duration.ts';
import type { CredentialSource, Outcome, TokenSource, UsageEvent } from './usage-event.ts';

export interface AttemptStart {
  readonly inferenceId: string;
  readonly userId: string;
  readonly endpoint: string;
  readonly provider: string;
  readonly modelRequested: string;
  readonly credential: CredentialSource;
  readonly isStream: boolean;
  /** Characters in the texts of the prompt, for an estimate. */
  readonly promptCharacters: number;
}

interface AttemptDependencies {
  readonly catalogue: Catalogue;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

const CHARACTERS_PER_TOKEN = 4;

/** Collects what one provider call sends, from its start until end() closes it as a UsageEvent. */
export class Attempt {
  readonly #start: AttemptStart;
  readonly #catalogue: Catalogue;
  readonly #nowMs: () => number;
  readonly #startedAt = new Date();
  readonly #startedAtMs: number;
  #firstTokenAtMs: number | undefined;
  #contentDeltas = 0;
  #reported: TokenCounts | undefined;
  #modelServed: string | undefined;
  #providerStatus: number | undefined;

  constructor(start: AttemptStart, { catalogue, nowMs }: AttemptDependencies) {
    this.#start = start;
    this.#catalogue = catalogue;
    this.#nowMs = nowMs;
    this.#startedAtMs = nowMs();
  }

  answeredWith(status: number): void {
    this.#providerStatus = status;
  }

  servedBy(model: string): void {
    this.#modelServed = model;
  }

  /** Counts one delta with content, at the moment it was received. */
  receivedContent(): void {
    this.#firstTokenAtMs ??= this.#nowMs();
    this.#contentDeltas += 1;
  }

  /** The provider's own numbers. A later report replaces an earlier one: reports are totals. */
  reportedUsage(tokens: TokenCounts): void {
    this.#reported = tokens;
  }

  end(outcome: Outcome): UsageEvent {
    const { promptCharacters, ...start } = this.#start;
    const { tokens, source } = this.#countTokens(outcome, promptCharacters);
    // Billed by the model that served; an answer that names none is billed by the requested one.
    const model = this.#catalogue.resolve(start.modelRequested, start.provider);
    const served = { provider: start.provider, name: this.#modelServed ?? model?.name ?? '' };
    const prices = this.#catalogue.pricesOf(served, this.#startedAt);
    return {
      ...start,
      model: model?.name ?? 'other',
      modelServed: this.#modelServed,
      outcome,
      providerStatus: this.#providerStatus,
      tokens,
      source,
      costPicoUsd: prices === undefined ? 0n : costPicoUsd({ tokens, images: 0 }, prices),
      isPriced: prices !== undefined,
      durationSeconds: this.#secondsUntil(this.#nowMs()),
      timeToFirstTokenSeconds:
        this.#firstTokenAtMs === undefined ? undefined : this.#secondsUntil(this.#firstTokenAtMs),
    };
  }

  #secondsUntil(timeMs: number): number {
    return roundDurationSeconds((timeMs - this.#startedAtMs) / 1_000);
  }

  #countTokens(
    outcome: Outcome,
    promptCharacters: number,
  ): { tokens: TokenCounts; source: TokenSource } {
    if (outcome === 'error') {
      // An error costs nothing, unless the provider says that it does: OpenAI sends a usage chunk
      // after an error inside a stream, with zeros in all recordings.
      const isBilled =
        this.#reported !== undefined && Object.values(this.#reported).some((n) => n > 0);
      return isBilled && this.#reported !== undefined
        ? { tokens: this.#reported, source: 'provider' }
        : { tokens: NO_TOKENS, source: 'none' };
    }
    if (this.#reported !== undefined) return { tokens: this.#reported, source: 'provider' };
    // Aborted, cut or silent about usage: the provider bills all the same, so it is estimated.
    const input = Math.ceil(promptCharacters / CHARACTERS_PER_TOKEN);
    return { tokens: { ...NO_TOKENS, input, output: this.#contentDeltas }, source: 'estimate' };
  }
}
