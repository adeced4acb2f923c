import type { Provider } from '#harness/cassettes/provider.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { openaiWire } from './openai/wire.ts';
import type { ProviderWire } from './wire.ts';

const WIRES = { openai: openaiWire } satisfies { [Name in Provider]?: ProviderWire };

/** The providers whose wire protocol the simulator speaks. */
export type SimulatedProvider = keyof typeof WIRES;
export const SIMULATED_PROVIDERS: readonly SimulatedProvider[] = ['openai'];

export function wireOf(provider: SimulatedProvider): ProviderWire {
  return WIRES[provider];
}

/** @throws HarnessError H_CASSETTE_PROVIDER when the simulator does not speak that protocol */
export function wireOfCassette({ id, provider }: { id: string; provider: Provider }): ProviderWire {
  const wire = SIMULATED_PROVIDERS.map(wireOf).find((one) => one.provider === provider);
  if (wire === undefined) {
    const what = `The simulator cannot replay the cassette "${id}": it does not speak the protocol of "${provider}".`;
    const fix = `Load cassettes of ${SIMULATED_PROVIDERS.join(', ')} only.`;
    throw new HarnessError(what, { code: 'H_CASSETTE_PROVIDER', fix });
  }
  return wire;
}
