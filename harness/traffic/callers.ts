import { createHash } from 'node:crypto';
import type { Scenario } from './scenario.ts';

/** A stored user of the service under test, as the seed command receives it. */
export interface SeedUser {
  name: string;
  /** The key the user sends to the service. */
  apiKey: string;
  credentials: { provider: 'openai' | 'google' | 'anthropic'; apiKey: string }[];
}

/** Who sends one scenario's requests, and which provider key then pays. */
export interface ScenarioCaller {
  serviceKey: string;
  /** undefined for an unknown caller: no provider may be called. */
  providerKey: string | undefined;
  /** undefined for an unknown caller: nobody is stored. */
  seed: SeedUser | undefined;
}

/** The key that a service uses for users without a credential of their own. */
export function systemProviderKey(seed: string): string {
  return keyFor(seed, 'system/provider');
}

/** One caller of its own per scenario; the same seed gives the same keys. */
export function callerOf(scenario: Scenario, seed: string): ScenarioCaller {
  const serviceKey = keyFor(seed, `${scenario.name}/service`);
  if (scenario.caller === 'unknown') {
    return { serviceKey, providerKey: undefined, seed: undefined };
  }
  const isOwn = scenario.caller === 'own-key';
  const providerKey = isOwn ? keyFor(seed, `${scenario.name}/provider`) : systemProviderKey(seed);
  const credentials = isOwn ? [{ provider: 'openai' as const, apiKey: providerKey }] : [];
  return {
    serviceKey,
    providerKey,
    seed: { name: scenario.name, apiKey: serviceKey, credentials },
  };
}

/** Says "tally" in clear, so that nobody mistakes it for a real key. */
function keyFor(seed: string, purpose: string): string {
  const digest = createHash('sha256').update(`${seed}/${purpose}`).digest('hex').slice(0, 32);
  return `sk-tally-${digest}`;
}
