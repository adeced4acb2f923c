import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { startSimulator } from './simulator.ts';
import { splitEvents } from './sse.ts';
import { chatRequest, RawCall } from './testing/raw-call.ts';

const KEY = 'sk-cassettes-0123456789';
const CASSETTES = await loadCassettes(
  fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url)),
);

async function start() {
  const simulator = await startSimulator({ cassettes: CASSETTES, keepsTime: false });
  onTestFinished(() => simulator.stop());
  const ask = (body: unknown) =>
    new RawCall(simulator.providerUrl('openai'), { key: KEY, body: JSON.stringify(body) });
  const untilEnded = () => expect.poll(() => simulator.ledger.calls[0]?.end).toBeDefined();
  return { simulator, ask, untilEnded };
}

function firstOf(id: string) {
  const first = CASSETTES.find((one) => one.id === id)?.interactions[0];
  if (first === undefined) throw new Error(`There is no cassette "${id}".`);
  const ends = splitEvents(first.response.bytes).map(({ end }) => end);
  return { ...first, ends, text: first.response.bytes.toString('latin1') };
}

describe('a scripted cassette', () => {
  test('is played in the chunks that the script asks for, whatever is asked', async () => {
    const { simulator, ask } = await start();
    const { text, ends } = firstOf('openai/chat-stream');
    simulator.script(KEY, {
      answer: { kind: 'cassette', id: 'openai/chat-stream', split: 'per-event' },
    });
    using call = ask(chatRequest({ stream: true }));
    await expect.poll(() => call.body).toBe(text);
    const sent = call.chunks.filter((chunk) => chunk !== '').map((chunk) => chunk.length);
    expect(sent).toEqual(ends.map((end, index) => end - (ends[index - 1] ?? 0)));
  });

  test('breaks off after the event that the script names', async () => {
    const { simulator, ask, untilEnded } = await start();
    const { text, ends } = firstOf('openai/chat-stream');
    const id = 'openai/chat-stream';
    simulator.script(KEY, { answer: { kind: 'cassette', id, cutAfterEvents: 3 } });
    using call = ask(chatRequest({ stream: true }));
    await untilEnded();
    await expect.poll(() => call.body).toBe(text.slice(0, ends[2]));
    expect(simulator.ledger.calls).toMatchObject([
      { end: 'cut', flaw: 'unfinished', contentEvents: 2, usage: undefined },
    ]);
  });

  test('that is not there is refused when it is scripted', async () => {
    const { simulator } = await start();
    const script = { answer: { kind: 'cassette', id: 'openai/none' } } as const;
    expect(() => simulator.script(KEY, script)).toThrow('[H_SIMULATOR_SCRIPT]');
  });
});

describe('a recorded refusal of a key', () => {
  const { request, text } = firstOf('openai/invalid-key');

  test('answers a key that is not known', async () => {
    const { simulator, ask } = await start();
    using call = ask(request.body);
    await expect.poll(() => call.body).toBe(text);
    expect(simulator.ledger.calls).toMatchObject([
      { status: 401, answeredBy: 'openai/invalid-key' },
    ]);
  });

  test('is not for a key that is known', async () => {
    const { simulator, ask, untilEnded } = await start();
    simulator.acceptKey('openai', KEY);
    using call = ask(request.body);
    await untilEnded();
    await expect.poll(() => call.head).toContain('501');
    expect(simulator.findings).toMatchObject([{ check: 'simulator/unmatched_request' }]);
  });

  test('is all that is recorded for a key that is not known', async () => {
    const { simulator, ask, untilEnded } = await start();
    using call = ask(firstOf('openai/chat').request.body);
    await untilEnded();
    await expect.poll(() => call.head).toContain('401');
    expect(simulator.ledger.calls).toMatchObject([{ status: 401, answeredBy: 'rules' }]);
  });
});

test('an error inside a recorded stream is a flaw', async () => {
  const { simulator, ask, untilEnded } = await start();
  simulator.acceptKey('openai', KEY);
  using call = ask(firstOf('openai/error-inside-stream').request.body);
  await untilEnded();
  await expect.poll(() => call.head).toContain('200');
  expect(simulator.ledger.calls).toMatchObject([{ status: 200, flaw: 'error' }]);
});
