import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { routeEnded } from '#contracts/movements.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { keyFingerprint } from '#harness/simulator/key-fingerprint.ts';
import { validated } from './movements.ts';
import { errorBody, storeCredential } from './stored-credential.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };

function providerCallsWith({ simulator }: RunningService, apiKey: string) {
  return simulator.ledger.calls
    .filter((call) => call.keyFingerprint === keyFingerprint(apiKey))
    .map(({ operation, status }) => ({ operation, status }));
}

describe('validation before saving', () => {
  const ROUTE = 'POST /llm-credentials/validate';

  test(
    'calls a key valid that the provider accepts, and saves nothing',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const api_key = service.newProviderKey();
      const movement = await service.metrics.during(async () => {
        const body = { provider: 'openai', api_key };
        const answer = await user.call('POST', '/llm-credentials/validate', body);
        expect(answer).toMatchObject({ status: 200 });
        expect(answer.body).toEqual({ result: 'valid' });
      });
      expect(movement).toEqualMovement({ ...routeEnded(ROUTE, 200), ...validated('valid') });
      expect(providerCallsWith(service, api_key)).toEqual([
        { operation: 'models.list', status: 200 },
      ]);
      expect((await user.call('GET', '/llm-credentials')).body).toMatchObject({ data: [] });
    },
  );

  test(
    'calls a key invalid that the provider refuses, with its reason and without the key',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const api_key = service.newProviderKey({ known: false });
      const movement = await service.metrics.during(async () => {
        const body = { provider: 'openai', api_key };
        const answer = await user.call('POST', '/llm-credentials/validate', body);
        expect(answer).toMatchObject({ status: 200, body: { result: 'invalid' } });
        expect(answer.text).toContain('Incorrect API key provided');
        expect(answer.text).not.toContain(api_key.slice(-4));
      });
      expect(movement).toEqualMovement({ ...routeEnded(ROUTE, 200), ...validated('invalid') });
      expect(providerCallsWith(service, api_key)).toEqual([
        { operation: 'models.list', status: 401 },
      ]);
    },
  );

  test.for([403, 429, 500, 503])(
    'could not ask when the provider answers %d',
    integration,
    async (status, { service }) => {
      const user = service.newUser();
      const api_key = service.newProviderKey();
      service.simulator.script(api_key, { answer: { kind: 'error', status } });
      const movement = await service.metrics.during(async () => {
        const body = { provider: 'openai', api_key };
        const answer = await user.call('POST', '/llm-credentials/validate', body);
        expect(answer).toMatchObject({ status: 200, body: { result: 'could_not_ask' } });
        expect(answer.body).toMatchObject({ reason: expect.stringMatching(/\w/) });
      });
      expect(movement).toEqualMovement({
        ...routeEnded(ROUTE, 200),
        ...validated('could_not_ask'),
      });
    },
  );

  test('does not ask about what is no key', integration, async ({ service }) => {
    const body = { provider: 'openai', api_key: '****cdef' };
    const movement = await service.metrics.during(async () => {
      const answer = await service.newUser().call('POST', '/llm-credentials/validate', body);
      expect(answer).toMatchObject({ status: 422, body: errorBody('masked_key') });
    });
    expect(movement).toEqualMovement(routeEnded(ROUTE, 422));
  });
});

describe('validation after saving', () => {
  const ROUTE = 'POST /llm-credentials/:id/validate';

  test('asks with the stored key', integration, async ({ service }) => {
    const user = service.newUser();
    const api_key = service.newProviderKey();
    const { id } = await storeCredential(user, { api_key });
    const movement = await service.metrics.during(async () => {
      const answer = await user.call('POST', `/llm-credentials/${id}/validate`);
      expect(answer.body).toEqual({ result: 'valid' });
    });
    expect(movement).toEqualMovement({ ...routeEnded(ROUTE, 200), ...validated('valid') });
    expect(providerCallsWith(service, api_key)).toEqual([
      { operation: 'models.list', status: 200 },
    ]);
  });

  test('tells of a key that has become invalid', integration, async ({ service }) => {
    const user = service.newUser();
    const { id } = await storeCredential(user, {
      api_key: service.newProviderKey({ known: false }),
    });
    const movement = await service.metrics.during(async () => {
      const answer = await user.call('POST', `/llm-credentials/${id}/validate`);
      expect(answer.body).toMatchObject({ result: 'invalid', reason: expect.any(String) });
    });
    expect(movement).toEqualMovement({ ...routeEnded(ROUTE, 200), ...validated('invalid') });
  });
});
