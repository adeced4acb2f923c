import { afterAll, describe, test } from 'vitest';
import { createKey } from '#contracts/testing/contract-database.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import type { ProviderScript } from '#harness/index.ts';
import { startSimulator } from '#harness/simulator/simulator.ts';
import { PactVerifier } from './pact-verifier.ts';
import { ACCEPTED, KEY_IS_UNKNOWN } from './provider-expectation.ts';
import { verifyPact } from './verify-pact.ts';

const PROVIDERS = ['openai', 'google', 'anthropic'] as const;
const verifier = new PactVerifier();
afterAll(() => verifier[Symbol.dispose]());
const cassettes = (await loadCassettes('fixtures/cassettes')).map((cassette) => ({
  ...cassette,
  repeat: true,
}));

const toolCall = { name: 'get_weather', arguments: { city: 'Bern' } };
const generated = { kind: 'generated', inputTokens: 9, outputTokens: 7 } as const;
/** A call takes two tokens; what is left would become text. */
const called = { ...generated, outputTokens: 2, toolCalls: [toolCall] };

/** What the simulator must be told to generate, where that is not what it mostly answers. */
const SCRIPTS: Readonly<Record<string, ProviderScript | { leftOut: string } | undefined>> = {
  [ACCEPTED]: undefined,
  'a part of the prompt is cached': { answer: { ...generated, cachedInputTokens: 1024 } },
  'the model calls a tool': { answer: called },
  'the model calls a tool twice': {
    answer: { ...called, outputTokens: 4, toolCalls: [toolCall, toolCall] },
  },
  'the model speaks and calls a tool twice': {
    answer: { ...called, outputTokens: 11, toolCalls: [toolCall, toolCall] },
  },
  'the model makes a picture and says nothing': {
    leftOut: 'The tokens of a generated answer are words, beside its pictures.',
  },
  'the model thinks': { answer: { ...generated, reasoningTokens: 81 } },
  'the model thinks and calls a tool': { leftOut: 'Generated thoughts have no text to be signed.' },
  'the model has much to say': { answer: { ...generated, outputTokens: 100 } },
  'the request is out of bounds': { leftOut: 'Its own checks know no bounds of numbers.' },
  'the limit of requests is reached': {
    answer: { kind: 'error', status: 429, retryAfterSeconds: 20 },
  },
  'the model fails while it speaks': { answer: generated, errorAfterContentEvents: 3 },
};

describe.for([
  { how: 'generating', generate: true },
  { how: 'replaying', cassettes },
])('the simulator, $how,', ({ generate = false, ...options }) => {
  test.for(PROVIDERS)('keeps what the service relies on at %s', async (provider) => {
    await using simulator = await startSimulator({ ...options, generate, keepsTime: false });
    const acceptedKey = (script: ProviderScript | undefined) => async () => {
      const apiKey = createKey();
      simulator.acceptKey(provider, apiKey);
      if (script !== undefined) simulator.script(apiKey, script);
      return { apiKey };
    };
    const states = Object.entries(SCRIPTS).map(([state, script]) => {
      if (!generate) return [state, acceptedKey(undefined)];
      return [state, script && 'leftOut' in script ? script : acceptedKey(script)];
    });
    await verifyPact(`byom-service-${provider}`, {
      verifier,
      url: `${simulator.url}/${provider}`,
      states: {
        ...Object.fromEntries(states),
        [KEY_IS_UNKNOWN]: async () => ({ apiKey: createKey() }),
      },
    });
  });
});
