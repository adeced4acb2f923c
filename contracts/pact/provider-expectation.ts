import type { Cassette } from '#harness/cassettes/cassette.ts';
import { type Expectation, fromState } from './expectation.ts';
import type { ProviderAnswer } from './provider-answers.ts';

const EXAMPLE = 'sk-tally-example';

/** How each provider is told whose key it is; the verifier puts a key of its own there. */
const KEY_HEADERS = {
  openai: { authorization: fromState('apiKey', EXAMPLE, { prefix: 'Bearer ' }) },
  google: { 'x-goog-api-key': fromState('apiKey', EXAMPLE) },
  anthropic: {
    'x-api-key': fromState('apiKey', EXAMPLE),
    'anthropic-version': '2023-06-01',
  },
};

export type PactProvider = keyof typeof KEY_HEADERS;

/**
 * That the recorded request is answered so. It is the recorded one to the letter, so that a
 * verifier finds its cassette.
 */
export function expectAnswer(
  provider: PactProvider,
  { id, interactions: [recorded] }: Cassette,
  { state, response }: ProviderAnswer,
): Expectation {
  if (recorded === undefined) throw new TypeError(`The cassette ${id} holds no interaction.`);
  const { method, path, query, body } = recorded.request;
  return {
    description: id,
    state,
    request: {
      method,
      path,
      ...(query !== undefined && { query }),
      headers: KEY_HEADERS[provider],
      ...(body !== undefined && { body }),
    },
    response,
  };
}
