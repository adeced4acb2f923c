import { z } from 'zod';
import { storeCredential } from '#contracts/credentials/stored-credential.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import type { ServiceUser } from '#contracts/testing/service-user.ts';

/**
 * What the document cannot say: how a user comes by a thing that has an id, and with which body an
 * operation is accepted. A path, a header or a body field without a recipe fails the matrix.
 */

const MODEL = 'gpt-4o-mini';

type MakeResource = (service: RunningService, user: ServiceUser) => Promise<string>;

const makeCredential: MakeResource = async (service, user) => {
  const api_key = service.newProviderKey();
  return (await storeCredential(user, { api_key, name: crypto.randomUUID() })).id;
};

const makeSession: MakeResource = async (_service, user) => {
  const answer = await user.call('POST', '/agent/sessions', { model: MODEL });
  return z.object({ id: z.uuid() }).parse(answer.body).id;
};

/** By the path up to its id, or by the name of the header or body field that holds the id. */
export const resources: Readonly<Record<string, MakeResource>> = {
  '/llm-credentials/{id}': makeCredential,
  'x-byom-credential-id': makeCredential,
  credential_id: makeCredential,
  '/agent/sessions/{id}': makeSession,
};

const messages = [{ role: 'user', content: 'Name three witnesses' }];

/** By method and path. */
export const bodies: Readonly<Record<string, (service: RunningService) => object>> = {
  'POST /chat/completions': () => ({ model: MODEL, messages }),
  'POST /messages': () => ({ model: MODEL, max_tokens: 64, messages }),
  'POST /images/generations': () => ({ model: 'dall-e-3', prompt: 'Three witnesses' }),
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
  'POST /agent/sessions': () => ({ model: MODEL, instructions: 'Be brief' }),
  'POST /agent/sessions/{id}/messages': () => ({ content: 'Name three witnesses' }),
};

/** Answers a list of models as well as a completion, so that no call fails for its sake. */
export const agreeableAnswer = {
  status: 200,
  body: {
    object: 'chat.completion',
    model: MODEL,
    data: [],
    choices: [{ index: 0, message: { role: 'assistant', content: 'wire' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 },
  },
};
