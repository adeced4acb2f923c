import { Matchers } from '@pact-foundation/pact';
import type { Cassette } from '#harness/cassettes/cassette.ts';
import type { Expectation } from './expectation.ts';
import type { ProviderAnswer } from './provider-answers.ts';

const { fromProviderState, string } = Matchers;

/** How each provider is told whose key it is; the verifier puts a key of its own there. */
const KEY_HEADERS = {
  openai: { authorization: fromProviderState('Bearer ${apiKey}', 'Bearer sk-tally-example') },
  google: { 'x-goog-api-key': fromProviderState('${apiKey}', 'sk-tally-example') },
  anthropic: {
    'x-api-key': fromProviderState('${apiKey}', 'sk-tally-example'),
    'anthropic-version': string('2023-06-01'),
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
