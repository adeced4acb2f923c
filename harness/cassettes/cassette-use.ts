/** What became of one cassette while it could be replayed. */
export interface CassetteUse {
  /** `<provider>/<case>`. */
  readonly id: string;
  /** Interactions that were never asked for, counted from 1. */
  readonly unused: readonly number[];
  /** How requests of a recorded operation differed from the recording; a paragraph each. */
  readonly drifts: readonly string[];
  /** Requests that no recording answers, sent where this one was expected. */
  readonly misses: readonly string[];
}
