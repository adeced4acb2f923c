import type { FastifyBaseLogger } from 'fastify';
import type { Attempt } from '../accounting/attempt.ts';
import type { RecordUsage } from '../accounting/record-usage.ts';
import type { Endpoint, FallbackReason, Outcome } from '../accounting/usage-event.ts';
import type { Credential } from '../credentials/find-credential.ts';
import type { PlainAnswer, Provider } from '../providers/provider.ts';
import type { ChatRequest, Shape } from '../shapes/shape.ts';
import type { ClientPresence } from './client-presence.ts';
import type { Failure } from './judge-failure.ts';

/** One call of a client, however many attempts it takes. */
export interface Inference {
  readonly endpoint: Endpoint;
  readonly userId: string;
  /** The answer may be one that was given before. */
  readonly mayRemember: boolean;
  /** The credential that the call names; the user's default one when it names none. */
  readonly credentialId: string | undefined;
  readonly shape: Shape;
  readonly request: ChatRequest;
  readonly client: ClientPresence;
  readonly log: FastifyBaseLogger;
  /** Makes one attempt: plain, streamed or for images. */
  readonly run: RunAttempt;
}

/** Where an attempt goes, and whose key pays for it. */
export interface Target {
  readonly provider: Provider;
  /** The provider's own name of the model. */
  readonly model: string;
  readonly credential: Pick<Credential, 'source' | 'apiKey' | 'settings'>;
  /** Why this is the system's, and what the call asked for; undefined when the user pays. */
  readonly fallback: { readonly from: string; readonly reason: FallbackReason } | undefined;
}

/** One attempt on its way. */
export interface Running {
  readonly inference: Inference;
  readonly target: Target;
  readonly attempt: Attempt;
  readonly recordUsage: RecordUsage;
}

/** How one attempt ended; its usage is recorded by then. */
export type AttemptEnd =
  /** The answer, in the shape of the client, is for the caller to send. */
  | { readonly kind: 'answered'; readonly answer: Pick<PlainAnswer, 'body' | 'text'> }
  /** The client has been sent all that it will get. */
  | { readonly kind: 'streamed'; readonly outcome: Outcome }
  /** Nothing was sent: another attempt is possible. */
  | { readonly kind: 'failed'; readonly failure: Failure };

export type RunAttempt = (running: Running) => Promise<AttemptEnd>;

/** Ends an attempt that brought no answer. */
export async function endFailed(
  { attempt, recordUsage }: Running,
  failure: Failure,
): Promise<AttemptEnd> {
  if (failure.providerStatus !== undefined) attempt.answeredWith(failure.providerStatus);
  if (failure.isAttempt) await recordUsage(attempt.end(failure.outcome));
  return { kind: 'failed', failure };
}
