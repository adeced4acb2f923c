import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';

import { type Simulator, startSimulator } from './simulator.ts';
import { chatRequest, RawCall } from './testing/raw-call.ts';

const KEY = 'sk-exchange-0123456789';
const stream = chatRequest({ stream: true, stream_options: { include_usage: true } });
const generated = { kind: 'generated', inputTokens: 5, outputTokens: 8 } as const;

async function startWithKey(): Promise<Simulator> {
  const simulator = await startSimulator();
  simulator.acceptKey('openai', KEY);
  return simulator;
}

describe('end of a call', () => {
  test('is completed when the whole stream was handed over', async () => {
    await using simulator = await startWithKey();
    simulator.script(KEY, { answer: generated });
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: stream });
    await call.until('[DONE]');
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([{ end: 'completed', contentEvents: 8 }]);
  });

  test('stays completed when the caller leaves afterwards, keep-alive or not', async () => {
    await using simulator = await startWithKey();
    simulator.script(KEY, { answer: generated }, { answer: generated });
    const url = simulator.providerUrl('openai');
    using call = new RawCall(url, { key: KEY, body: stream });
    await call.until('0\r\n\r\n');
    call.leave();
    const response = await fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, connection: 'close' },
      body: JSON.stringify(stream),
    });
    await response.text();
    await simulator.untilQuiet();
    expect(simulator.ledger.calls.map(({ end }) => end)).toEqual(['completed', 'completed']);
  });

  test('is cut when the script breaks the stream off, after exactly that many events', async () => {
    await using simulator = await startWithKey();
    simulator.script(KEY, { answer: generated, cutAfterContentEvents: 3 });
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: stream });
    await call.untilClosed();
    await simulator.untilQuiet();

    expect(call.body.match(/"delta":\{"content":"/g)).toHaveLength(3);
    expect(call.received).not.toContain('[DONE]');
    expect(simulator.ledger.calls).toMatchObject([
      { end: 'cut', status: 200, contentEvents: 3, usage: undefined },
    ]);
  });

  test('is cut when the script breaks a plain answer off in the middle of its body', async () => {
    await using simulator = await startWithKey();
    simulator.script(KEY, { answer: generated, cutAfterContentEvents: 0 });
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: chatRequest() });
    await call.untilClosed();
    await simulator.untilQuiet();

    const length = Number(call.head.match(/content-length: (\d+)/)?.[1]);
    expect(call.body).toHaveLength(Math.floor(length / 2));
    expect(simulator.ledger.calls).toMatchObject([{ end: 'cut', status: 200, usage: undefined }]);
  });

  test('is abandoned when the caller leaves before a large plain answer was taken', async () => {
    await using simulator = await startWithKey();
    const outputTokens = 1_000_000;
    simulator.script(KEY, { answer: { ...generated, outputTokens } });
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: chatRequest() });
    call.socket.pause();
    await expect.poll(() => simulator.ledger.calls[0]?.status).toBe(200);
    call.leave();
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([{ end: 'abandoned', usage: undefined }]);
  });

  test('is abandoned when the caller leaves before its request was sent', async () => {
    await using simulator = await startWithKey();
    const { port } = new URL(simulator.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /openai/v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{',
    );
    await expect.poll(() => simulator.ledger.open).toBe(1);
    socket.destroy();
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([
      { end: 'abandoned', status: undefined, modelRequested: undefined, answeredBy: undefined },
    ]);
  });

  test('is abandoned when the caller leaves between two events of a slow stream', async () => {
    await using simulator = await startWithKey();
    simulator.script(KEY, { answer: generated, betweenEventsMs: 60_000 });
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: stream });
    await call.until('"role":"assistant"');
    call.leave();
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([{ end: 'abandoned', contentEvents: 0 }]);
  });

  test('is cut when the simulator stops under an open call', async () => {
    const simulator = await startWithKey();
    simulator.script(KEY, { answer: generated, holdAfterContentEvents: 1 });
    using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: stream });
    await simulator.untilHeld(KEY, 1);
    await simulator.stop();
    await simulator.stop();
    await call.untilClosed();
    expect(simulator.ledger).toMatchObject({ open: 0, calls: [{ end: 'cut', contentEvents: 1 }] });
  });

  test('is cut, with a finding, when the request is larger than any provider takes', async () => {
    await using simulator = await startWithKey();
    const url = simulator.providerUrl('openai');
    const content = 'x'.repeat(33 * 1024 * 1024);
    using call = new RawCall(url, { key: KEY, body: chatRequest({ user: content }) });
    await call.untilClosed();
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([{ end: 'cut', status: undefined }]);
    expect(simulator.findings).toMatchObject([{ check: 'simulator/request_too_large' }]);
  });

  test('counts at least what was delivered when a caller leaves freely', async () => {
    await using simulator = await startWithKey();
    const answer = { ...generated, outputTokens: 5_000 };
    for (const event of [1, 10, 100]) {
      simulator.script(KEY, { answer });
      using call = new RawCall(simulator.providerUrl('openai'), { key: KEY, body: stream });
      await expect.poll(() => deliveredTo(call), { interval: 0 }).toBeGreaterThanOrEqual(event);
      call.leave();
      const delivered = deliveredTo(call);
      await simulator.untilQuiet();
      expect(simulator.ledger.calls.at(-1)?.contentEvents).toBeGreaterThanOrEqual(delivered);
    }
  });
});

function deliveredTo(call: RawCall): number {
  return call.received.split('"delta":{"content":"').length - 2;
}
