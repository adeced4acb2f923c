import type { Provider } from '#harness/cassettes/provider.ts';

/** Mutually exclusive token classes: their sum is every token the provider bills. */
export interface TokenClasses {
  input: number;
  cachedInput: number;
  cacheWrite: number;
  output: number;
  reasoning: number;
}

/**
 * How a provider call ended, seen from the provider's socket.
 * - completed: the whole answer (an error answer too) was handed to the connection
 * - cut: the provider itself broke the answer off (a scripted fault, or the simulator's stop)
 * - abandoned: the caller closed the connection before the answer was complete
 * - refused: no script, cassette or generator matched; this is a finding too
 */
export type CallEnd = 'completed' | 'cut' | 'abandoned' | 'refused';

/** One provider call as it was on the wire: the only witness independent of the service's code. */
export interface ProviderCall {
  readonly id: number;
  readonly provider: Provider;
  /** e.g. "chat.completions"; method and path for what the simulator does not speak. */
  readonly operation: string;
  readonly modelRequested: string | undefined;
  /** The model named in the answer; undefined when the answer names none. */
  readonly modelServed: string | undefined;
  /** See keyFingerprint(); undefined when no key was sent. */
  readonly keyFingerprint: string | undefined;
  /** See callMark(); undefined when the request carries none. */
  readonly mark: string | undefined;
  readonly isStream: boolean;
  /** HTTP status sent; undefined when the call ended before a status line. */
  readonly status: number | undefined;
  /** undefined while the call is open. */
  readonly end: CallEnd | undefined;
  /** What is wrong with an answer of status 200: an error inside it, or no end of its grammar. */
  readonly flaw: 'error' | 'unfinished' | undefined;
  /** Tokens as sent on the wire in the last usage object; undefined when no usage was sent. */
  readonly usage: Readonly<TokenClasses> | undefined;
  /** true: that usage is the provider's last word. Streams of some report what there is so far. */
  readonly usageIsFinal: boolean;
  /** Pictures sent on the wire. */
  readonly images: number;
  /** Stream events with content (text, reasoning or tool arguments) handed to the connection. */
  readonly contentEvents: number;
  /**
   * "script", a cassette's id, "generated", "rules" (the provider's own check of key and request);
   * undefined when refused, and until it was decided.
   */
  readonly answeredBy: string | undefined;
  /** Milliseconds on the harness's monotonic clock (performance.now()). */
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
}

/** Every provider call of one simulator, in the order of arrival. */
export interface ProviderLedger {
  readonly calls: readonly ProviderCall[];
  /** Calls that have not ended. */
  readonly open: number;
}
