import type { WireCall, WireEvidence } from '#harness/reconcile/fact.ts';
import { keyFingerprint } from '#harness/simulator/key-fingerprint.ts';
import type { ProviderCall } from '#harness/simulator/ledger.ts';
import { callerOf, systemProviderKey } from '#harness/traffic/callers.ts';
import { isRaced, type Scenario } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';

export interface WireEvidenceOptions {
  providerCalls: readonly ProviderCall[];
  serviceCalls: readonly ServiceCall[];
  scenarios: readonly Scenario[];
  seed: string;
  fencedAtMs: number;
}

/** Joins both ledgers: each provider call with what is known of the traffic that caused it. */
export function wireEvidence(options: WireEvidenceOptions): WireEvidence {
  const { providerCalls, serviceCalls, seed, fencedAtMs } = options;
  const systemKey = keyFingerprint(systemProviderKey(seed));
  // Only a key of its own tells a scenario's provider calls apart, so only such scenarios race.
  const racedByKey = new Map(
    options.scenarios
      .filter(isRaced)
      .map((scenario) => [keyFingerprint(callerOf(scenario, seed).providerKey ?? ''), scenario]),
  );
  const delivered = new Map<string, Iterator<ServiceCall>>();
  const join = (call: ProviderCall): WireCall => {
    const scenario = racedByKey.get(call.keyFingerprint ?? '');
    return {
      ...call,
      paidBy: call.keyFingerprint === systemKey ? 'system' : 'user',
      raced: scenario !== undefined,
      delivered: scenario === undefined ? 0 : deliveredTo(scenario),
    };
  };
  const deliveredTo = ({ name }: Scenario): number => {
    const sent = delivered.get(name) ?? serviceCalls.filter((c) => c.scenario === name).values();
    delivered.set(name, sent);
    const next = sent.next();
    return next.done === true ? 0 : next.value.contentEvents;
  };
  return { providerCalls: providerCalls.map(join), serviceCalls, fencedAtMs };
}
