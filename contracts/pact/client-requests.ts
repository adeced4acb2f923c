import { Matchers } from '@pact-foundation/pact';
import { type Expectation, fromState } from './expectation.ts';

const { string } = Matchers;

export const SERVICE_KEY = 'sk-tally-example-user';

/** The verifier puts the key of its own user there. */
const headers = { authorization: fromState('serviceKey', SERVICE_KEY, { prefix: 'Bearer ' }) };

type Request = Expectation['request'];

export const get = (path: Request['path']): Request => ({ method: 'GET', path, headers });
export const remove = (path: Request['path']): Request => ({ method: 'DELETE', path, headers });
export const post = <Body>(path: string, body: Body) => ({ method: 'POST', path, headers, body });

/** An error in OpenAI's envelope; the service answers so on all routes but /messages. */
export const errorOf = (code: string) => ({
  error: { message: string('Why.'), type: string('invalid_request_error'), code },
});
