import { createHash } from 'node:crypto';
import { PROVIDERS, type Provider } from '#harness/cassettes/provider.ts';
import type { ProviderDoor, Scenario } from './scenario.ts';

/** A stored user of the service under test, as the seed command receives it. */
export interface SeedUser {
  name: string;
  /** The key the user sends to the service. */
  apiKey: string;
  /** true: the service's own keys never pay for this user; false when left out. */
  alwaysOwnKey?: boolean;
  credentials: { provider: Provider; apiKey: string }[];
}

/** A provider key that a caller has stored. */
export interface OwnKey {
  provider: Provider;
  key: string;
  /** false: its provider does not know it. */
  isValid: boolean;
}

/** Who sends one scenario's requests, and which provider keys are the caller's own. */
export interface ScenarioCaller {
  serviceKey: string;
  /** In the order of providers. */
  ownKeys: readonly OwnKey[];
  /** undefined for an unknown caller: nobody is stored. */
  seed: SeedUser | undefined;
}

/** The key that a service uses at a provider for users without a credential of their own. */
export function systemProviderKey(provider: Provider, seed: string): string {
  return keyFor(seed, `system/${provider}`);
}

/** One caller of its own per scenario; the same seed gives the same keys. */
export function callerOf(scenario: Scenario, seed: string): ScenarioCaller {
  const { name, caller, alwaysOwnKey = false } = scenario;
  const serviceKey = keyFor(seed, `${name}/service`);
  if (caller === 'unknown') return { serviceKey, ownKeys: [], seed: undefined };
  const ownKeys = caller === 'own-key' ? ownKeysOf(scenario, seed) : [];
  return {
    serviceKey,
    ownKeys,
    seed: {
      name,
      apiKey: serviceKey,
      ...(alwaysOwnKey && { alwaysOwnKey }),
      credentials: ownKeys.map(({ provider, key }) => ({ provider, apiKey: key })),
    },
  };
}

function ownKeysOf({ name, credentials = { openai: 'valid' } }: Scenario, seed: string): OwnKey[] {
  return PROVIDERS.filter((provider) => credentials[provider] !== undefined).map((provider) => ({
    provider,
    key: keyFor(seed, `${name}/${provider}`),
    isValid: credentials[provider] === 'valid',
  }));
}

/** Where a provider call of this caller goes and whose key pays, with everything left out filled. */
export function doorOf(
  { provider, paidBy }: ProviderDoor,
  { ownKeys }: ScenarioCaller,
): Required<ProviderDoor> {
  return {
    provider: provider ?? ownKeys[0]?.provider ?? PROVIDERS[0],
    paidBy: paidBy ?? (ownKeys.length > 0 ? 'user' : 'system'),
  };
}

/** The key that such a call carries. An own key that the caller does not have is no key: "". */
export function keyAt(
  { provider, paidBy }: Required<ProviderDoor>,
  { ownKeys }: ScenarioCaller,
  seed: string,
): string {
  if (paidBy === 'system') return systemProviderKey(provider, seed);
  return ownKeys.find((own) => own.provider === provider)?.key ?? '';
}

/** Says "tally" in clear, so that nobody mistakes it for a real key. */
function keyFor(seed: string, purpose: string): string {
  const digest = createHash('sha256').update(`${seed}/${purpose}`).digest('hex').slice(0, 32);
  return `sk-tally-${digest}`;
}
