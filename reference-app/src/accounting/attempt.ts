import type { Catalogue } from '../catalogue/catalogue.ts';
import { costPicoUsd, NO_TOKENS, type TokenCounts } from '../catalogue/cost.ts';
import type { UsageReport } from '../providers/provider.ts';
import { roundDurationSeconds } from './round-duration.ts';
import type {
  CredentialSource,
  Endpoint,
  FallbackReason,
  Outcome,
  TokenSource,
  UsageEvent,
} from './usage-event.ts';

export interface AttemptStart {
  readonly inferenceId: string;
  readonly userId: string;
  /** 1, 2, … within the inference. */
  readonly attempt: number;
  readonly endpoint: Endpoint;
  readonly provider: string;
  readonly modelRequested: string;
  readonly credential: CredentialSource;
  readonly fallbackReason: FallbackReason | undefined;
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
  #plainCharacters = 0;
  #images = 0;
  #reported: UsageReport | undefined;
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

  /** Counts the text of a plain answer, in case the provider reports no usage. */
  receivedText(characters: number): void {
    this.#plainCharacters = characters;
  }

  receivedImages(images: number): void {
    this.#images = images;
  }

  /** The provider's own numbers. A later report replaces an earlier one: reports are totals. */
  reportedUsage(report: UsageReport): void {
    this.#reported = report;
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
      images: this.#images,
      source,
      costPicoUsd:
        prices === undefined ? 0n : costPicoUsd({ tokens, images: this.#images }, prices),
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
    const reported = this.#reported;
    if (outcome === 'error') {
      // An error costs nothing, unless the provider says that it does: OpenAI sends a usage chunk
      // after an error inside a stream, with zeros in all recordings.
      return reported?.isFinal === true && Object.values(reported.tokens).some((n) => n > 0)
        ? { tokens: reported.tokens, source: 'provider' }
        : { tokens: NO_TOKENS, source: 'none' };
    }
    if (reported?.isFinal === true) return { tokens: reported.tokens, source: 'provider' };
    // Images without usage are billed by the image, and nobody estimates how many there are.
    if (this.#images > 0) return { tokens: NO_TOKENS, source: 'provider' };
    // Aborted, cut or silent about usage: the provider bills all the same, so it is estimated. What
    // it had reported by then is the least of it.
    const input = Math.ceil(promptCharacters / CHARACTERS_PER_TOKEN);
    const counted = this.#contentDeltas + Math.ceil(this.#plainCharacters / CHARACTERS_PER_TOKEN);
    const soFar = reported?.tokens ?? { ...NO_TOKENS, input };
    const output = Math.max(soFar.output, counted - soFar.reasoning);
    return { tokens: { ...soFar, output }, source: 'estimate' };
  }
}
