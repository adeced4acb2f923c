import { storeCredential } from '#contracts/credentials/stored-credential.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import type { ServiceUser } from '#contracts/testing/service-user.ts';

/**
 * What the document cannot say: how a user comes by a thing that has an id, and with which body an
 * operation is accepted. A path, a header or a body field without a recipe fails the matrix.
 */

type MakeResource = (service: RunningService, user: ServiceUser) => Promise<string>;

const makeCredential: MakeResource = async (service, user) => {
  const api_key = service.newProviderKey();
  return (await storeCredential(user, { api_key, name: crypto.randomUUID() })).id;
};

const makeSession: MakeResource = async (_service, user) => {
  const { body } = await user.call('POST', '/agent/sessions', { model: 'gpt-4o-mini' });
  return (body as { id: string }).id;
};

/** By the path up to its id, or by the name of the header or body field that holds the id. */
export const resources: Readonly<Record<string, MakeResource>> = {
  '/llm-credentials/{id}': makeCredential,
  '/agent/sessions/{id}': makeSession,
  'x-byom-credential-id': makeCredential,
  credential_id: makeCredential,
};

const messages = [{ role: 'user', content: 'Name three witnesses' }];

/** By method and path. */
export const bodies: Readonly<Record<string, (service: RunningService) => object>> = {
  'POST /chat/completions': () => ({ model: 'gpt-4o-mini', messages }),
  'POST /messages': () => ({ model: 'gpt-4o-mini', max_tokens: 64, messages }),
  'POST /images/generations': () => ({ model: 'dall-e-3', prompt: 'Three witnesses' }),
  'POST /agent/sessions': () => ({ model: 'gpt-4o-mini' }),
  'POST /agent/sessions/{id}/messages': () => ({ content: 'Name three witnesses' }),
  'POST /llm-credentials': (service) => ({
    provider: 'openai',
    api_key: service.newProviderKey(),
    name: crypto.randomUUID(),
  }),
  'POST /llm-credentials/validate': (service) => ({
    provider: 'openai',
    api_key: service.newProviderKey(),
  }),
  'PATCH /llm-credentials/{id}': () => ({ name: crypto.randomUUID() }),
  'PUT /llm-credentials/{id}/key': (service) => ({ api_key: service.newProviderKey() }),
  'PATCH /user-settings': () => ({ always_own_key: true }),
};

/** Operations that no provider of the service answers so far, with the code that says so. */
export const notYetAnswered: Readonly<Record<string, string>> = {
  'POST /images/generations': 'no_images',
};
