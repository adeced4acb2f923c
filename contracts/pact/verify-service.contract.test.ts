import { storeCredential } from '#contracts/credentials/stored-credential.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { Provider } from '#harness/cassettes/provider.ts';
import type { ProviderScript } from '#harness/index.ts';
import { PactVerifier } from './pact-verifier.ts';
import type { StateHandler } from './state-server.ts';
import { verifyPact } from './verify-pact.ts';

const PER_MINUTE = 20;
const ANSWER: ProviderScript = { answer: { kind: 'generated', inputTokens: 9, outputTokens: 7 } };

const test = serviceTest({ environment: () => ({ RATE_LIMIT_PER_MINUTE: String(PER_MINUTE) }) });

/** A user whose provider answers so, however often it is asked. */
function userOf(service: RunningService, provider: Provider, script: ProviderScript) {
  return async () => {
    const { serviceKey, providerKey = '', ...user } = service.newUser({ ownKey: provider });
    await user.call('PATCH', '/user-settings', { always_own_key: true });
    service.simulator.script(providerKey, script, script, script, script);
    return { serviceKey };
  };
}

/** Users, keys and credentials in the real database. */
function statesOf(service: RunningService): Record<string, StateHandler> {
  const withCredential = async () => {
    const user = service.newUser();
    const providerKey = service.newProviderKey();
    const { id } = await storeCredential(user, { api_key: providerKey, name: 'work' });
    return { serviceKey: user.serviceKey, providerKey, credentialId: id };
  };
  return {
    nobody: async () => ({ serviceKey: 'sk-nobody-has-this-key' }),
    'a user with a key of OpenAI': userOf(service, 'openai', ANSWER),
    'a user with a key of Google': userOf(service, 'google', ANSWER),
    'a user with a key of Anthropic': userOf(service, 'anthropic', ANSWER),
    'a user whose provider is at its limit': userOf(service, 'openai', {
      answer: { kind: 'error', status: 429, retryAfterSeconds: 20 },
    }),
    'a user whose provider is down': {
      setup: async () => {
        service.simulator.closePort('openai');
        return await userOf(service, 'openai', ANSWER)();
      },
      teardown: () => service.simulator.openPort('openai'),
    },
    'a user with a key to store': async () => ({
      serviceKey: service.newUser().serviceKey,
      providerKey: service.newProviderKey(),
    }),
    'a user with a credential': withCredential,
    'a user who knows the id of a credential of somebody else': async () => ({
      ...(await withCredential()),
      serviceKey: service.newUser().serviceKey,
    }),
    'a user who has used up the minute': async () => {
      const user = service.newUser();
      for (let call = 0; call < PER_MINUTE; call += 1) await user.call('GET', '/user-settings');
      return { serviceKey: user.serviceKey };
    },
  };
}

test('the service keeps what its clients rely on', { tags: ['integration'] }, async ({
  service,
}) => {
  using verifier = new PactVerifier();
  await verifyPact('byom-client-byom-service', {
    verifier,
    url: service.service.url,
    states: statesOf(service),
  });
});
