import { Matchers } from '@pact-foundation/pact';
import type { CaseProvider, ProviderPromise } from '#contracts/providers/case.ts';
import type { Cassette, RecordedResponse } from '#harness/cassettes/cassette.ts';
import { EVENTS_TYPE, parseStream } from './event-stream.ts';
import { type Expectation, fromState } from './expectation.ts';
import { reduceToRelied } from './reduce-to-relied.ts';
import { RELIED } from './relied-fields.ts';

const EXAMPLE_KEY = 'sk-tally-example';
/** How each provider is told whose key it is; the verifier puts a key of its own there. */
const KEY_HEADERS: Readonly<Record<CaseProvider, Expectation['request']['headers']>> = {
  openai: { authorization: fromState('apiKey', EXAMPLE_KEY, { prefix: 'Bearer ' }) },
  google: { 'x-goog-api-key': fromState('apiKey', EXAMPLE_KEY) },
  anthropic: { 'x-api-key': fromState('apiKey', EXAMPLE_KEY), 'anthropic-version': '2023-06-01' },
};

export const ACCEPTED = 'the key is accepted';
export const KEY_IS_UNKNOWN = 'the key is unknown';

/** What must be true at the provider where it must be more than that; by promise or by case. */
const STATES: Readonly<Record<string, string>> = {
  'multi-turn': 'a part of the prompt is cached',
  'tool-call': 'the model calls a tool',
  'google/tool-call': 'the model thinks and calls a tool',
  'tool-call-stream': 'the model calls a tool',
  'google/tool-call-stream': 'the model thinks and calls a tool',
  'anthropic/tool-call-stream': 'the model thinks and calls a tool',
  'parallel-tools': 'the model calls a tool twice',
  'google/parallel-tools': 'the model thinks and calls a tool',
  'anthropic/parallel-tools': 'the model speaks and calls a tool twice',
  'google/image': 'the model makes a picture and says nothing',
  'google/structured-output': 'the model thinks',
  'stop-by-length': 'the model has much to say',
  'invalid-key': KEY_IS_UNKNOWN,
  'bad-request': 'the request is out of bounds',
  'rate-limited': 'the limit of requests is reached',
  'error-inside-stream': 'the model fails while it speaks',
};

/**
 * That the recorded request is answered with at least what the service reads in the recorded
 * answer. The request is the recorded one to the letter, so that a verifier finds its cassette.
 */
export function expectAnswer(
  { id, provider, interactions: [recorded] }: Cassette & { provider: CaseProvider },
  promise: ProviderPromise,
): Expectation {
  if (recorded === undefined) throw new TypeError(`The cassette ${id} holds no interaction.`);
  const { method, path, query, body } = recorded.request;
  return {
    description: id,
    state: STATES[id] ?? STATES[promise] ?? ACCEPTED,
    request: {
      method,
      path,
      ...(query !== undefined && { query }),
      headers: KEY_HEADERS[provider],
      ...(body !== undefined && { body }),
    },
    response: { status: recorded.response.status, ...reduceAnswer(provider, recorded.response) },
  };
}

function reduceAnswer(
  provider: CaseProvider,
  { headers, bytes }: RecordedResponse,
): Pick<Expectation['response'], 'headers' | 'body'> {
  const { answer, event } = RELIED[provider];
  const retry = headers['retry-after'];
  const hint = retry !== undefined && { 'retry-after': Matchers.regex('^\\d+$', retry) };
  if (headers['content-type']?.startsWith('text/event-stream') !== true)
    return { headers: { ...hint }, body: reduceToRelied(answer, JSON.parse(bytes.toString())) };
  const events = parseStream(bytes.toString()).map((one) => reduceToRelied(event, one));
  return {
    headers: { ...hint, 'Content-Type': EVENTS_TYPE },
    body: { events: Matchers.arrayContaining(...events) },
  };
}
