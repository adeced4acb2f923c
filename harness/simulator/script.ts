/**
 * What the simulator does with the next call that carries a given provider key. Plain data: a
 * scenario holds it, and the control API takes it as JSON.
 */
export interface ProviderScript {
  /** A deterministic answer made on the fly, in the provider's own format. */
  answer: GeneratedAnswer | ErrorAnswer;
  /** Streams only: stop after this many content events until release() or the caller leaves. */
  holdAfterContentEvents?: number;
  /** Streams only: destroy the connection after this many content events. */
  cutAfterContentEvents?: number;
  /** Streams only: pause between events, milliseconds. 0 when left out. */
  betweenEventsMs?: number;
}

export interface GeneratedAnswer {
  kind: 'generated';
  /** One content event (and one output token) each. */
  outputTokens: number;
  inputTokens: number;
  cachedInputTokens?: number;
  reasoningTokens?: number;
  /** false: the answer carries no usage, whatever the request asked for. true when left out. */
  sendsUsage?: boolean;
  /** The model named in the answer; the requested one when left out. */
  modelServed?: string;
}

export interface ErrorAnswer {
  kind: 'error';
  /** HTTP status, e.g. 401, 429, 500. The envelope is the provider's own for that status. */
  status: number;
  /** Sent as the provider's retry hint when given. */
  retryAfterSeconds?: number;
}
