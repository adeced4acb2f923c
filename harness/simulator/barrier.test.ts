import { describe, expect, test } from 'vitest';

import { type Simulator, startSimulator } from './simulator.ts';
import { chatRequest, RawCall } from './testing/raw-call.ts';

const KEY = 'sk-barrier-0123456789';
const generated = { kind: 'generated', inputTokens: 5, outputTokens: 8 } as const;
const stream = chatRequest({ stream: true, stream_options: { include_usage: true } });

async function startWithKey(): Promise<Simulator> {
  const simulator = await startSimulator();
  simulator.acceptKey('openai', KEY);
  return simulator;
}

function contentOf(call: RawCall): number {
  return call.body.split('"delta":{"content":').length - 1;
}

describe('barrier', () => {
  test.for([0, 1, 3, 8])(
    'holds a stream after exactly %i content events and sends nothing else',
    async (count) => {
      await using simulator = await startWithKey();
      simulator.script(KEY, { answer: generated, holdAfterContentEvents: count });
      using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: stream });
      await simulator.untilHeld(KEY, 1);
      const [held] = simulator.ledger.calls;
      expect(held).toMatchObject({ end: undefined, contentEvents: count, usage: undefined });

      call.leave();
      await simulator.untilQuiet();

      expect(simulator.held(KEY)).toBe(0);
      expect(held).toMatchObject({ end: 'abandoned', contentEvents: count, usage: undefined });
    },
  );

  test('has flushed everything up to the held event before it says that it holds', async () => {
    await using simulator = await startWithKey();
    simulator.script(KEY, { answer: generated, holdAfterContentEvents: 3 });
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: stream });
    await simulator.untilHeld(KEY, 1);

    await expect.poll(() => contentOf(call)).toBe(3);
    expect(call.received).not.toContain('"finish_reason":"stop"');
  });

  test('sends the rest of the stream after release', async () => {
    await using simulator = await startWithKey();
    simulator.script(KEY, { answer: generated, holdAfterContentEvents: 3 });
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: stream });
    await simulator.untilHeld(KEY, 1);

    expect(simulator.release(KEY)).toBe(1);
    await call.until('data: [DONE]');
    await simulator.untilQuiet();

    expect(contentOf(call)).toBe(8);
    expect(simulator.ledger.calls).toMatchObject([
      { end: 'completed', contentEvents: 8, usage: { input: 5, output: 8 } },
    ]);
  });

  test('holds a plain answer before its status line', async () => {
    await using simulator = await startWithKey();
    simulator.script(KEY, { answer: generated, holdAfterContentEvents: 0 });
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: chatRequest() });
    await simulator.untilHeld(KEY, 1);
    expect(call.received).toBe('');
    expect(simulator.ledger.calls).toMatchObject([{ status: undefined, end: undefined }]);

    call.leave();
    await simulator.untilQuiet();

    expect(simulator.ledger.calls).toMatchObject([
      { status: undefined, end: 'abandoned', usage: undefined, modelServed: undefined },
    ]);
  });

  test('holds many calls of one key at once, and releases only that key', async () => {
    await using simulator = await startWithKey();
    simulator.acceptKey('openai', 'sk-other');
    const hold = { answer: generated, holdAfterContentEvents: 2 };
    simulator.script(KEY, hold, hold, hold);
    simulator.script('sk-other', hold);
    const url = simulator.providerUrl('openai');
    const calls = [KEY, KEY, KEY, 'sk-other'].map((key) => new RawCall(url, { key, body: stream }));
    await simulator.untilHeld(KEY, 3);
    await simulator.untilHeld('sk-other', 1);

    calls[0]?.leave();
    await expect.poll(() => simulator.held(KEY)).toBe(2);
    expect(simulator.release(KEY)).toBe(2);
    expect(simulator.held('sk-other')).toBe(1);
    simulator.release('sk-other');
    await simulator.untilQuiet();

    const ends = simulator.ledger.calls.map(({ end }) => end).sort();
    expect(ends).toEqual(['abandoned', 'completed', 'completed', 'completed']);
    for (const call of calls) {
      call.leave();
    }
  });

  test('says how many calls are held when the expected number does not come', async () => {
    await using simulator = await startWithKey();
    simulator.script(KEY, { answer: generated, holdAfterContentEvents: 2 });
    using _call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: stream });
    await simulator.untilHeld(KEY, 1);

    const waiting = simulator.untilHeld(KEY, 2, { timeoutMs: 20 });

    await expect(waiting).rejects.toThrow(
      /^After 20 ms 1 of 2 calls with the key [0-9a-f]{12} are held\.\nfix: .*\n\[H_SIMULATOR_NOT_HELD\]$/,
    );
    await expect(simulator.untilQuiet({ timeoutMs: 20 })).rejects.toThrow(
      'After 20 ms 1 provider calls are still open: call 1 (chat.completions, 2 content events sent).',
    );
  });
});
