import { describe, test } from 'vitest';
import { createKey } from '#contracts/testing/contract-database.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { type SimulatorOptions, startSimulator } from '#harness/simulator/simulator.ts';
import { verifyPact } from './verify-pact.ts';

const PROVIDERS = ['openai', 'google', 'anthropic'] as const;
const integration = { tags: ['integration'] };
const cassettes = (await loadCassettes('fixtures/cassettes')).map((one) => ({
  ...one,
  repeat: true,
}));

const SOURCES: readonly (readonly [string, SimulatorOptions])[] = [
  ['what it generates', { generate: true }],
  ['what was recorded', { cassettes }],
];

describe.for(SOURCES)('the simulator with %s keeps', ([, options]) => {
  test.for(PROVIDERS)('what the service relies on at %s', integration, async (provider) => {
    await using simulator = await startSimulator({ ...options, keepsTime: false });
    const acceptedKey = async () => {
      const apiKey = createKey();
      simulator.acceptKey(provider, apiKey);
      return { apiKey };
    };
    await verifyPact(`byom-service-${provider}`, {
      url: `${simulator.url}/${provider}`,
      states: {
        'a key that is accepted': acceptedKey,
        'the limit of requests is reached': async () => {
          const { apiKey } = await acceptedKey();
          if (options.generate)
            simulator.script(apiKey, {
              answer: { kind: 'error', status: 429, retryAfterSeconds: 20 },
            });
          return { apiKey };
        },
      },
    });
  });
});
