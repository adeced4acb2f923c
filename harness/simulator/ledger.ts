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
 * - cut: the provider itself broke the answer off (a scripted fault)
 * - abandoned: the caller closed the connection before the answer was complete
 * - refused: no script, cassette or generator matched; this is a finding too
 */
export type CallEnd = 'completed' | 'cut' | 'abandoned' | 'refused';

/** One provider call as it was on the wire: the only witness independent of the service's code. */
export interface ProviderCall {
  readonly id: number;
  readonly provider: 'openai' | 'google' | 'anthropic';
  /** e.g. "chat.completions". */
  readonly operation: string;
  readonly modelRequested: string | undefined;
  /** The model named in the answer; undefined when the answer names none. */
  modelServed: string | undefined;
  /** First 12 hex digits of the key's SHA-256, or undefined when no key was sent. */
  readonly keyFingerprint: string | undefined;
  readonly isStream: boolean;
  /** HTTP status sent; undefined when the call ended before a status line. */
  status: number | undefined;
  /** undefined while the call is open. */
  end: CallEnd | undefined;
  /** Tokens as sent on the wire in a usage object; undefined when no usage was sent. */
  usage: TokenClasses | undefined;
  /** Stream events with content (text, reasoning or tool arguments) handed to the connection. */
  contentEvents: number;
  /** Name of the script that answered, a cassette's id, "generated", or undefined when refused. */
  answeredBy: string | undefined;
  /** Milliseconds on the harness's monotonic clock (performance.now()). */
  readonly startedAtMs: number;
  endedAtMs: number | undefined;
}

/** Every provider call of one simulator, in the order of arrival. */
export interface ProviderLedger {
  readonly calls: readonly ProviderCall[];
  /** Calls that have not ended. */
  readonly open: number;
}
