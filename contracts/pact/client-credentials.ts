import { Matchers } from '@pact-foundation/pact';
import { errorOf, get, post, remove } from './client-requests.ts';
import { type Expectation, fromState } from './expectation.ts';

const { atLeastOneLike, boolean, regex, string } = Matchers;

const CREDENTIAL_ID = '7b0c9a54-6a3e-4d0b-9d1c-2f6f0a1b2c3d';
const credentialPath = fromState('credentialId', CREDENTIAL_ID, { prefix: '/llm-credentials/' });
const providerKey = fromState('providerKey', 'sk-tally-example-provider');

const credential = {
  object: 'llm_credential',
  id: regex('^[0-9a-f-]{36}$', CREDENTIAL_ID),
  provider: 'openai',
  name: string('work'),
  status: 'ready',
  masked_key: regex('^\\*{4}.{4}$', '****7890'),
  is_default: boolean(true),
  created_at: regex('^\\d{4}-\\d\\d-\\d\\dT.+Z$', '2026-11-22T06:00:00.000Z'),
};
const body = { provider: 'openai', api_key: providerKey, name: 'work' };

/** What an application relies on that lets its users manage their keys. */
export const credentialExpectations: readonly Expectation[] = [
  {
    description: 'a credential is created',
    state: 'a user with a key to store',
    request: post('/llm-credentials', body),
    response: { status: 201, body: credential },
  },
  {
    description: 'the same credential is created again',
    state: 'a user with a credential',
    request: post('/llm-credentials', body),
    response: { status: 409, body: errorOf('duplicate_name') },
  },
  {
    description: 'a mask is saved as a key',
    state: 'a user with a key to store',
    request: post('/llm-credentials', { provider: 'openai', api_key: '****7890' }),
    response: { status: 422, body: errorOf('masked_key') },
  },
  {
    description: 'the credentials are listed',
    state: 'a user with a credential',
    request: get('/llm-credentials'),
    response: { status: 200, body: { object: 'list', data: atLeastOneLike(credential) } },
  },
  {
    description: 'the credentials of somebody unknown are listed',
    state: 'nobody',
    request: get('/llm-credentials'),
    response: { status: 401, body: errorOf('invalid_api_key') },
  },
  {
    description: 'a credential is looked at',
    state: 'a user with a credential',
    request: get(credentialPath),
    response: { status: 200, body: credential },
  },
  {
    description: 'a credential of somebody else is looked at',
    state: 'a user who knows the id of a credential of somebody else',
    request: get(credentialPath),
    response: { status: 404, body: errorOf('credential_not_found') },
  },
  {
    description: 'a credential is deleted',
    state: 'a user with a credential',
    request: remove(credentialPath),
    response: { status: 204 },
  },
  {
    description: 'a key is checked',
    state: 'a user with a key to store',
    request: post('/llm-credentials/validate', { provider: 'openai', api_key: providerKey }),
    response: { status: 200, body: { result: 'valid' } },
  },
  {
    description: 'the credentials are listed once too often',
    state: 'a user who has used up the minute',
    request: get('/llm-credentials'),
    response: {
      status: 429,
      headers: {
        'retry-after': regex('^\\d+$', '60'),
        'x-ratelimit-limit': regex('^\\d+$', '20'),
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': regex('^\\d+$', '60'),
      },
      body: errorOf('rate_limit_exceeded'),
    },
  },
];
