import type { TokenCounts } from '../catalogue/cost.ts';

/**
 * How one provider attempt ended.
 * - success: the provider's answer came to the end of its grammar
 * - error: the provider answered an error, as a status or inside a 200 stream, or was not reached
 * - cut: the answer broke off, or ended without its grammar's end
 * - client_abort: the client left first, and the attempt was cancelled
 */
export const OUTCOMES = ['success', 'error', 'cut', 'client_abort'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const CREDENTIAL_SOURCES = ['user', 'system'] as const;
export type CredentialSource = (typeof CREDENTIAL_SOURCES)[number];

/** Where clients ask for inference; the paths below which they do, without the leading slash. */
export const ENDPOINTS = [
  'chat/completions',
  'messages',
  'images/generations',
  'agent/sessions',
] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** Why the system's key or model served instead of the one that the call asked for. */
export const FALLBACK_REASONS = [
  'no_credential',
  'invalid_key',
  'rate_limited',
  'provider_error',
  'unreachable',
] as const;
export type FallbackReason = (typeof FALLBACK_REASONS)[number];

/** Who counted the tokens; "none" when there are none to count. */
export const TOKEN_SOURCES = ['provider', 'estimate'] as const;
export type TokenSource = (typeof TOKEN_SOURCES)[number] | 'none';

/**
 * One provider attempt, closed. The row in the database and every metric are made of this one
 * object, so they cannot tell different stories.
 */
export interface UsageEvent {
  /** Groups the attempts of one client call. */
  readonly inferenceId: string;
  readonly userId: string;
  /** 1, 2, … within the inference. */
  readonly attempt: number;
  readonly endpoint: Endpoint;
  readonly provider: string;
  /** The catalogue's name of the requested model, or "other": safe as a label. */
  readonly model: string;
  readonly modelRequested: string;
  readonly modelServed: string | undefined;
  readonly credential: CredentialSource;
  readonly fallbackReason: FallbackReason | undefined;
  readonly outcome: Outcome;
  readonly isStream: boolean;
  /** HTTP status of the provider; undefined when it sent none. */
  readonly providerStatus: number | undefined;
  readonly tokens: TokenCounts;
  readonly images: number;
  readonly source: TokenSource;
  readonly costPicoUsd: bigint;
  /** false: no price is known for the model that served, and the cost of 0 is not a price. */
  readonly isPriced: boolean;
  readonly durationSeconds: number;
  /** Streams with content only. */
  readonly timeToFirstTokenSeconds: number | undefined;
}
