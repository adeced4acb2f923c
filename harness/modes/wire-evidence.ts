import { PROVIDERS } from '#harness/cassettes/provider.ts';
import type { WireCall, WireEvidence } from '#harness/reconcile/fact.ts';
import { keyFingerprint } from '#harness/simulator/key-fingerprint.ts';
import type { ProviderCall } from '#harness/simulator/ledger.ts';
import { callerOf, systemProviderKey } from '#harness/traffic/callers.ts';
import type { Scenario } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';

export interface WireEvidenceOptions {
  providerCalls: readonly ProviderCall[];
  serviceCalls: readonly ServiceCall[];
  scenarios: readonly Scenario[];
  seed: string;
  fencedAtMs: number;
}

/** The operation that every provider has, and that costs nothing. */
const LISTS_MODELS = 'models.list';

/** Joins both ledgers: each provider call with the call of the service that caused it. */
export function wireEvidence(options: WireEvidenceOptions): WireEvidence {
  const { providerCalls, serviceCalls, seed, fencedAtMs } = options;
  const payerOf = createPayerOf(seed);
  const causeOf = createCauseOf(options);
  const attempts = new Map<ServiceCall, number>();
  const join = (call: ProviderCall): WireCall => {
    const cause = causeOf(call, attempts);
    const attempt = cause === undefined ? 1 : (attempts.get(cause) ?? 0) + 1;
    if (cause !== undefined) attempts.set(cause, attempt);
    const raced = cause?.raced ?? false;
    const delivered = raced ? (cause?.contentEvents ?? 0) : 0;
    return { ...call, paidBy: payerOf(call), cause, attempt, raced, delivered };
  };
  const [modelLists, asked] = [true, false].map((wanted) =>
    providerCalls.filter(({ operation }) => (operation === LISTS_MODELS) === wanted).map(join),
  ) as [WireCall[], WireCall[]];
  return { providerCalls: asked, modelLists, serviceCalls, fencedAtMs };
}

/** Tells whose key paid: only the service has its system keys. */
export function createPayerOf(seed: string): (call: ProviderCall) => WireCall['paidBy'] {
  const systemKeys = new Set(
    PROVIDERS.map((provider) => keyFingerprint(systemProviderKey(provider, seed))),
  );
  return ({ keyFingerprint: key = '' }) => (systemKeys.has(key) ? 'system' : 'user');
}

/**
 * The call of the service that carries the same mark. Without one: the call that was open when the
 * provider was called; with a caller's own key, one of that caller. Of several open at once it is the one with the fewest provider calls so far:
 * calls of one kind that are sent at once cause one each.
 */
function createCauseOf({ serviceCalls, scenarios, seed }: WireEvidenceOptions) {
  const owners = new Map(
    scenarios.flatMap((scenario) =>
      callerOf(scenario, seed).ownKeys.map(({ key }) => [keyFingerprint(key), scenario.name]),
    ),
  );
  const byScenario = Map.groupBy(serviceCalls, ({ scenario }) => scenario);
  const byMark = new Map(serviceCalls.map((call) => [call.mark, call]));
  return (
    { keyFingerprint: key = '', mark, startedAtMs }: ProviderCall,
    attempts: ReadonlyMap<ServiceCall, number>,
  ): ServiceCall | undefined => {
    if (mark !== undefined) return byMark.get(mark);
    const owner = owners.get(key);
    const own = owner === undefined ? serviceCalls : (byScenario.get(owner) ?? []);
    const begun = own.filter((call) => call.startedAtMs <= startedAtMs);
    const open = begun.filter(
      ({ endedAtMs = Number.POSITIVE_INFINITY }) => endedAtMs >= startedAtMs,
    );
    // A client may have left before the service got as far as calling the provider.
    const candidates = open.length > 0 ? open : begun.slice(-1);
    const counted = candidates.map((call) => ({ call, count: attempts.get(call) ?? 0 }));
    return counted.sort((one, other) => one.count - other.count)[0]?.call;
  };
}
