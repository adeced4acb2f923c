import type { Provider } from '#harness/cassettes/provider.ts';
import { anthropicWire } from './anthropic/wire.ts';
import { azureWire } from './azure/wire.ts';
import { googleWire } from './google/wire.ts';
import { openaiWire } from './openai/wire.ts';
import type { ProviderWire } from './wire.ts';

const WIRES: Readonly<Record<Provider, ProviderWire>> = {
  openai: openaiWire,
  google: googleWire,
  anthropic: anthropicWire,
  azure: azureWire,
};

export function wireOf(provider: Provider): ProviderWire {
  return WIRES[provider];
}
