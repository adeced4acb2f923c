import { providerOf } from '#contracts/prices.ts';
import type { WireCall, WireEvidence, WireRow } from '#harness/index.ts';

/**
 * What the wire proves about retries and fallbacks. The ledgers know which provider calls one call
 * of the service caused, in which order: the same door again is a retry, another door a fallback.
 */

/** Why the service did not leave it at this attempt; its answer alone tells. */
function reasonOf({ provider, status }: WireCall): string {
  // Google answers a key that it does not know with 400, and no other 400 is worth another try.
  if (status === 401 || status === 403 || (provider === 'google' && status === 400)) {
    return 'invalid_key';
  }
  return status === 429 ? 'rate_limited' : 'provider_error';
}

/** Attempts that repeat the one before at the same provider, with the same key and model. */
export function providerRetries(evidence: WireEvidence): WireRow[] {
  return repeats(evidence)
    .filter(({ from, to }) => isSameDoor(from, to))
    .map(({ from, to }) => ({
      labels: { provider: to.provider, reason: reasonOf(from) },
      value: 1,
    }));
}

/** Attempts with another key or at another provider than the one that was due. */
export function fallbacks(evidence: WireEvidence): WireRow[] {
  const atOnce = evidence.providerCalls
    .filter(({ attempt, paidBy }) => attempt === 1 && paidBy === 'system')
    .map((call) => fallback(dueProvider(call), call, 'no_credential'));
  const afterFailure = repeats(evidence)
    .filter(({ from, to }) => !isSameDoor(from, to))
    .map(({ from, to }) => fallback(from.provider, to, reasonOf(from)));
  return [...atOnce, ...afterFailure];
}

function fallback(fromProvider: string, { provider }: WireCall, reason: string): WireRow {
  return { labels: { from_provider: fromProvider, to_provider: provider, reason }, value: 1 };
}

/** Whom the client's own credential would have been for: the provider of the model it named. */
function dueProvider({ provider, cause }: WireCall): string {
  const model = cause?.modelRequested;
  return (model === undefined ? undefined : providerOf(model)) ?? provider;
}

function isSameDoor(one: WireCall, other: WireCall): boolean {
  return (
    one.provider === other.provider &&
    one.paidBy === other.paidBy &&
    one.modelRequested === other.modelRequested
  );
}

/** Each attempt but the first of its cause, with the attempt before. */
function repeats({ providerCalls }: WireEvidence): { from: WireCall; to: WireCall }[] {
  return providerCalls.flatMap((to) => {
    const from = providerCalls.find(
      ({ cause, attempt }) => cause === to.cause && attempt === to.attempt - 1,
    );
    return from === undefined ? [] : [{ from, to }];
  });
}
