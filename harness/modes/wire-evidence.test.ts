import { expect, test } from 'vitest';
import { keyFingerprint } from '#harness/simulator/key-fingerprint.ts';
import type { ProviderCall } from '#harness/simulator/ledger.ts';
import { callerOf, systemProviderKey } from '#harness/traffic/callers.ts';
import type { Scenario } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';
import { wireEvidence } from './wire-evidence.ts';

const answer = { kind: 'generated', inputTokens: 1, outputTokens: 9 } as const;
const raced: Scenario = {
  name: 'raced',
  says: 'A client leaves at any moment.',
  caller: 'own-key',
  request: { method: 'POST', path: '/chat/completions', body: {} },
  provider: [{ answer }],
  departure: { afterContentEvents: 2 },
  expect: { status: 200 },
  movement: {},
};
const held: Scenario = {
  ...raced,
  name: 'held',
  provider: [{ answer, holdAfterContentEvents: 2 }],
};

function providerCall(key: string): ProviderCall {
  return { keyFingerprint: keyFingerprint(key) } as ProviderCall;
}

function serviceCall(scenario: string, contentEvents: number): ServiceCall {
  return { scenario, contentEvents } as ServiceCall;
}

test('tells whose key paid, what raced, and how much was delivered of each raced call', () => {
  const keyOf = (scenario: Scenario): string => callerOf(scenario, 's').providerKey ?? '';
  const { providerCalls } = wireEvidence({
    providerCalls: [
      providerCall(systemProviderKey('s')),
      providerCall(keyOf(raced)),
      providerCall(keyOf(held)),
      providerCall(keyOf(raced)),
    ],
    serviceCalls: [serviceCall('raced', 3), serviceCall('held', 2), serviceCall('raced', 5)],
    scenarios: [raced, held],
    seed: 's',
    fencedAtMs: 0,
  });
  expect(
    providerCalls.map(({ paidBy, raced, delivered }) => ({ paidBy, raced, delivered })),
  ).toEqual([
    { paidBy: 'system', raced: false, delivered: 0 },
    { paidBy: 'user', raced: true, delivered: 3 },
    { paidBy: 'user', raced: false, delivered: 0 },
    { paidBy: 'user', raced: true, delivered: 5 },
  ]);
});
