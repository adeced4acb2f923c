import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { routeEnded } from '#contracts/movements.ts';
import {
  type RecordingProvider,
  startRecordingProvider,
} from '#contracts/testing/recording-provider.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { ANSWER, askChat, chatAnswered, chatRefused, withCredential } from './chat.ts';
import { validated } from './movements.ts';
import { errorBody, storeCredential } from './stored-credential.ts';

let proxy: RecordingProvider;

const test = serviceTest({ environment: () => ({ CREDENTIAL_BASE_URLS: proxy.url }) });
const integration = { tags: ['integration'] };

const MODELS = { status: 200, body: { object: 'list', data: [] } };

beforeAll(async () => {
  proxy = await startRecordingProvider();
});
afterAll(() => proxy[Symbol.asyncDispose]());
beforeEach(() => {
  proxy.requests.length = 0;
  proxy.answer = MODELS;
});

describe('settings of a credential', () => {
  test(
    'lead its calls to an allowed base URL, in the name of its organisation',
    integration,
    async ({ service }) => {
      const user = service.newUser();
      const api_key = service.newProviderKey();
      const settings = { base_url: `${proxy.url}/`, organization: 'org-tally' };
      const stored = await storeCredential(user, { api_key, settings });
      expect(stored.settings).toEqual({ base_url: proxy.url, organization: 'org-tally' });
      proxy.answer = { status: 200, body: { model: 'gpt-4o-mini', choices: [] } };
      expect((await askChat(user)).status).toBe(200);
      const sent = { authorization: `Bearer ${api_key}`, 'openai-organization': 'org-tally' };
      expect(proxy.requests).toMatchObject([
        { method: 'POST', path: '/v1/chat/completions', headers: sent },
      ]);
    },
  );

  test('are used to validate it, before and after saving', integration, async ({ service }) => {
    const user = service.newUser();
    const settings = { base_url: proxy.url, organization: 'org-tally' };
    const key = { provider: 'openai', api_key: service.newProviderKey(), settings };
    const movement = await service.metrics.during(async () => {
      const before = await user.call('POST', '/llm-credentials/validate', key);
      expect(before.body).toEqual({ result: 'valid' });
    });
    expect(movement).toEqualMovement({
      ...routeEnded('POST /llm-credentials/validate', 200),
      ...validated('valid'),
    });
    const { id } = await storeCredential(user, key);
    expect((await user.call('POST', `/llm-credentials/${id}/validate`)).body).toEqual({
      result: 'valid',
    });
    const sent = { method: 'GET', path: '/v1/models' };
    const headers = { 'openai-organization': 'org-tally' };
    expect(proxy.requests).toMatchObject([
      { ...sent, headers },
      { ...sent, headers },
    ]);
  });

  test('could not ask a place that answers no list of models', integration, async ({ service }) => {
    proxy.answer = { status: 200, body: { page: 'Welcome' } };
    const body = {
      provider: 'openai',
      api_key: service.newProviderKey(),
      settings: { base_url: proxy.url },
    };
    const answer = await service.newUser().call('POST', '/llm-credentials/validate', body);
    expect(answer.body).toMatchObject({ result: 'could_not_ask' });
  });

  test('limit how long the provider may take', integration, async ({ service }) => {
    const user = service.newUser();
    proxy.answer = undefined;
    const settings = { base_url: proxy.url, timeout_ms: 1_000 };
    await storeCredential(user, { api_key: service.newProviderKey(), settings });
    const answer = await askChat(user);
    expect(answer).toMatchObject({ status: 502, body: errorBody('provider_cut') });
  });

  test('name the model of calls that name none', integration, async ({ service }) => {
    const user = service.newUser();
    const api_key = service.newProviderKey();
    const settings = { default_model: 'gpt-5.4-nano' };
    const { id } = await storeCredential(user, { api_key, settings });
    service.simulator.script(api_key, ANSWER);
    const movement = await service.metrics.during(async () => {
      const answer = await askChat(user, { ...withCredential(id), body: {} });
      expect(answer).toMatchObject({ status: 200, body: { model: 'gpt-5.4-nano' } });
    });
    expect(movement).toEqualMovement(chatAnswered('user'));
  });

  test('that name no model leave such calls refused', integration, async ({ service }) => {
    const user = service.newUser();
    await storeCredential(user, { api_key: service.newProviderKey() });
    const movement = await service.metrics.during(async () => {
      const answer = await askChat(user, { body: {} });
      expect(answer).toMatchObject({ status: 400, body: { error: { param: 'model' } } });
    });
    expect(movement).toEqualMovement(chatRefused(400));
  });

  test('are not used once their base URL is off the list', integration, async ({ service }) => {
    const user = service.newUser();
    const { id } = await storeCredential(user, { api_key: service.newProviderKey() });
    await service.database.query(
      `update credentials set settings = '{"base_url": "http://127.0.0.1:9/v1"}' where id = '${id}'`,
    );
    const movement = await service.metrics.during(async () => {
      const chat = await askChat(user);
      expect(chat).toMatchObject({ status: 422, body: errorBody('base_url_not_allowed') });
      const check = await user.call('POST', `/llm-credentials/${id}/validate`);
      expect(check).toMatchObject({ status: 422, body: errorBody('base_url_not_allowed') });
    });
    expect(movement).toEqualMovement({
      ...chatRefused(422),
      ...routeEnded('POST /llm-credentials/:id/validate', 422),
      'byom_user_lookups_total{source="database"}': 2,
    });
  });

  test.for(['http://127.0.0.1:9/v1', 'http://localhost/v1', 'file:///etc/passwd'])(
    'do not take the base URL %s, which is not on the list',
    integration,
    async (base_url, { service }) => {
      const user = service.newUser();
      const { id } = await storeCredential(user, { api_key: service.newProviderKey() });
      const movement = await service.metrics.during(async () => {
        const body = { settings: { base_url } };
        const answer = await user.call('PATCH', `/llm-credentials/${id}`, body);
        expect(answer).toMatchObject({ status: 422, body: errorBody('base_url_not_allowed') });
      });
      expect(movement).toEqualMovement(routeEnded('PATCH /llm-credentials/:id', 422));
      expect(proxy.requests).toEqual([]);
    },
  );
});
