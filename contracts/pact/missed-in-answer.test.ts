import { afterAll, expect, test } from 'vitest';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { missedInAnswer } from './missed-in-answer.ts';
import { PactVerifier } from './pact-verifier.ts';

const verifier = new PactVerifier();
afterAll(() => verifier[Symbol.dispose]());
const cassettes = await loadCassettes('fixtures/cassettes');

/** The recording of a case, and its answer with one text in the place of another. */
function readCase(id: string, [from, to]: readonly [string, string] = ['', '']) {
  const recording = cassettes.find((one) => one.id === id);
  const response = recording?.interactions[0]?.response;
  if (recording === undefined || response === undefined) throw new TypeError(`no cassette ${id}`);
  const bytes = Buffer.from(response.bytes.toString().replaceAll(from, to));
  return { recording, response: { ...response, bytes, chunks: undefined } };
}

test.for(['openai/chat', 'google/chat-stream', 'anthropic/invalid-key'])(
  'nothing is missed in what %s was answered',
  async (id) => {
    expect(await missedInAnswer(readCase(id), verifier)).toBeUndefined();
  },
);

test('another text is as good, and a field that nobody reads may go', async () => {
  for (const change of [
    ['Hello', 'Goodbye'],
    ['service_tier', 'tier'],
  ] as const)
    expect(await missedInAnswer(readCase('openai/chat', change), verifier)).toBeUndefined();
});

test('a field that the service reads is missed, with its place', async () => {
  const plain = readCase('openai/chat', ['"completion_tokens"', '"tokens"']);
  expect(await missedInAnswer(plain, verifier)).toMatch(
    /openai\/chat: \$\.usage Actual map is missing the following keys: completion_tokens/,
  );
  const stream = readCase('anthropic/chat-stream', ['text_delta', 'word_delta']);
  expect(await missedInAnswer(stream, verifier)).toMatch(
    /anthropic\/chat-stream: .*text_delta.*not found/,
  );
});
