import type { FastifyReply } from 'fastify';
import type { Attempt } from '../accounting/attempt.ts';
import type { RecordUsage } from '../accounting/record-usage.ts';
import type { Outcome } from '../accounting/usage-event.ts';
import type { ApiError } from '../errors/api-error.ts';
import type { Provider, ProviderCall } from '../providers/provider.ts';
import type { ChatRequest } from './chat-request.ts';
import type { ClientPresence } from './client-presence.ts';
import type { Failure } from './judge-failure.ts';

/** One call of a client on its way through one attempt. */
export interface Inference {
  readonly chat: ChatRequest;
  readonly provider: Provider;
  readonly credential: Pick<ProviderCall, 'apiKey' | 'settings'>;
  readonly attempt: Attempt;
  readonly client: ClientPresence;
  readonly reply: FastifyReply;
  readonly recordUsage: RecordUsage;
}

/** How the attempt ended, and the error that is still to be answered, if any. */
export interface InferenceEnd {
  readonly outcome: Outcome;
  readonly error?: ApiError;
}

/** Ends an attempt that brought no answer; its error is for the caller to send. */
export async function endFailed(
  { attempt, recordUsage }: Inference,
  failure: Failure,
): Promise<InferenceEnd> {
  if (failure.providerStatus !== undefined) attempt.answeredWith(failure.providerStatus);
  if (failure.isAttempt) await recordUsage(attempt.end(failure.outcome));
  return { outcome: failure.outcome, error: failure.answer };
}
