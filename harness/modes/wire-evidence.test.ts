import { expect, test } from 'vitest';
import { keyFingerprint } from '#harness/simulator/key-fingerprint.ts';
import type { ProviderCall } from '#harness/simulator/ledger.ts';
import { callerOf, systemProviderKey } from '#harness/traffic/callers.ts';
import type { Scenario } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';
import { wireEvidence } from './wire-evidence.ts';

const raced: Scenario = {
  name: 'raced',
  says: 'A client leaves at any moment.',
  caller: 'own-key',
  credentials: { anthropic: 'valid' },
  request: { method: 'POST', path: '/messages', body: {} },
  provider: [],
  expect: { status: 200 },
  movement: {},
};
const held: Scenario = { ...raced, name: 'held', credentials: { openai: 'valid' } };
const scenarios = [raced, held];

function providerCall(key: string | undefined, startedAtMs: number): ProviderCall {
  return { keyFingerprint: keyFingerprint(key ?? ''), startedAtMs } as ProviderCall;
}

function serviceCall(id: number, call: Partial<ServiceCall>): ServiceCall {
  return { id, contentEvents: 0, raced: false, ...call } as ServiceCall;
}

const keyOf = (scenario: Scenario): string | undefined => callerOf(scenario, 's').ownKeys[0]?.key;

function join(providerCalls: ProviderCall[], serviceCalls: ServiceCall[]) {
  const evidence = { providerCalls, serviceCalls, scenarios, seed: 's', fencedAtMs: 0 };
  return wireEvidence(evidence).providerCalls.map(
    ({ paidBy, cause, attempt, raced: isRaced, delivered }) =>
      `${cause?.id} attempt ${attempt} ${paidBy} ${isRaced ? `raced, ${delivered}` : 'exact'}`,
  );
}

test('finds the call that was open, whose key paid, and what was delivered of a raced one', () => {
  const calls = [
    serviceCall(1, { scenario: 'held', startedAtMs: 10, endedAtMs: 20 }),
    serviceCall(2, {
      scenario: 'raced',
      startedAtMs: 30,
      endedAtMs: 40,
      raced: true,
      contentEvents: 3,
    }),
  ];
  const found = join(
    [
      providerCall(keyOf(held), 12),
      providerCall(systemProviderKey('anthropic', 's'), 14),
      providerCall(keyOf(raced), 32),
    ],
    calls,
  );
  expect(found).toEqual([
    '1 attempt 1 user exact',
    '1 attempt 2 system exact',
    '2 attempt 1 user raced, 3',
  ]);
});

test('gives calls of one caller that were open at once a provider call each', () => {
  const atOnce = [1, 2].map((id) => serviceCall(id, { scenario: 'held', startedAtMs: 10 }));
  const found = join([providerCall(keyOf(held), 11), providerCall(keyOf(held), 12)], atOnce);
  expect(found).toEqual(['1 attempt 1 user exact', '2 attempt 1 user exact']);
});

test('keeps a caller’s own calls apart from those of others that are open too', () => {
  const others = [
    serviceCall(1, { scenario: 'held', startedAtMs: 10 }),
    serviceCall(2, { scenario: 'raced', startedAtMs: 11 }),
  ];
  expect(join([providerCall(keyOf(raced), 12)], others)).toEqual(['2 attempt 1 user exact']);
});

test('gives a client that left before the provider was called its last call', () => {
  const left = [serviceCall(1, { scenario: 'held', startedAtMs: 10, endedAtMs: 11 })];
  expect(join([providerCall(keyOf(held), 12)], left)).toEqual(['1 attempt 1 user exact']);
  expect(join([providerCall(keyOf(held), 9)], left)).toEqual(['undefined attempt 1 user exact']);
});

test('finds the cause of a marked call, although all are open and the system’s key pays', () => {
  const calls = ['a', 'b'].map((mark, index) => ({
    ...serviceCall(index + 1, { scenario: 'held', startedAtMs: 10 }),
    mark,
  }));
  const marked = ['b', 'b', 'a', 'c'].map((mark) => ({
    ...providerCall(systemProviderKey('openai', 's'), 12),
    mark,
  }));
  expect(join(marked, calls)).toEqual([
    '2 attempt 1 system exact',
    '2 attempt 2 system exact',
    '1 attempt 1 system exact',
    'undefined attempt 1 system exact',
  ]);
});
