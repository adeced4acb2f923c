import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { keyFingerprint } from '#harness/simulator/key-fingerprint.ts';
import type { ProviderCall } from '#harness/simulator/ledger.ts';
import type { ProviderScript } from '#harness/simulator/script.ts';
import { type Simulator, startSimulator } from '#harness/simulator/simulator.ts';
import { chatRequest, RawCall } from '#harness/simulator/testing/raw-call.ts';
import { type Recorder, startRecorder } from './recorder.ts';

const REAL = 'sk-real-0123456789';
const GIVEN = 'sk-tally-given';
const CASSETTES = await loadCassettes(
  fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url)),
);
const HELLO: ProviderScript = {
  answer: { kind: 'generated', inputTokens: 9, cachedInputTokens: 3, outputTokens: 4 },
};

interface Pair extends AsyncDisposable {
  live: Simulator;
  recorder: Recorder;
  send(key: string, body?: unknown): RawCall;
}

/** A recorder before a simulator that acts as the live provider. */
async function start(options: Parameters<typeof startSimulator>[0] = {}): Promise<Pair> {
  const live = await startSimulator(options);
  live.acceptKey('openai', REAL);
  const recorder = await startRecorder({
    openai: { baseUrl: live.providerUrl('openai'), key: REAL },
  });
  recorder.acceptKey('openai', GIVEN);
  return {
    live,
    recorder,
    send: (key, body = chatRequest({ stream: true })) =>
      new RawCall(recorder.providerUrl('openai'), { key, body }),
    [Symbol.asyncDispose]: async () => {
      await recorder[Symbol.asyncDispose]();
      await live.stop();
    },
  };
}

/** What both ledgers must say of one call. */
function told({ status, end, usage, contentEvents, modelServed, images }: ProviderCall) {
  return { status, end, usage, contentEvents, modelServed, images };
}

describe('recorder', () => {
  test('hands on and keeps every byte and chunk boundary, and reads the same as the provider said', async () => {
    const cassette = CASSETTES.filter(({ id }) => id === 'openai/chat-stream');
    await using pair = await start({ cassettes: cassette });
    using call = pair.send(GIVEN, cassette[0]?.interactions[0]?.request.body);
    await call.until('[DONE]');
    await expect.poll(() => pair.recorder.exchanges.length).toBe(1);
    const [exchange] = pair.recorder.exchanges;
    const recorded = cassette[0]?.interactions[0]?.response;
    expect(exchange?.response?.bytes).toEqual(recorded?.bytes);
    expect(call.body).toBe(recorded?.bytes.toString('latin1'));
    const offsets = exchange?.response?.chunks?.map(([offset]) => offset);
    expect(offsets).toEqual(recorded?.chunks?.map(([offset]) => offset));
    const [asked] = pair.live.ledger.calls;
    expect(asked?.keyFingerprint).toBe(keyFingerprint(REAL));
    const [kept] = pair.recorder.ledger.calls;
    expect(kept).toMatchObject({ keyFingerprint: keyFingerprint(GIVEN), answeredBy: 'live' });
    expect(asked && told(asked)).toEqual(kept && told(kept));
  });

  test('hands the head and each chunk on before the next one comes', async () => {
    await using pair = await start();
    pair.live.script(REAL, { ...HELLO, holdAfterContentEvents: 2 });
    using call = pair.send(GIVEN);
    await pair.live.untilHeld(REAL, 1);
    await expect.poll(() => call.chunks.length).toBe(3);
    expect(pair.recorder.ledger.open).toBe(1);
    pair.live.release(REAL);
    await call.until('[DONE]');
    await pair.recorder.untilQuiet();
  });

  test('lets a key that it was not told of be refused by the provider', async () => {
    await using pair = await start();
    using call = pair.send('sk-tally-unknown');
    await call.until('invalid_api_key');
    expect(pair.live.ledger.calls[0]?.keyFingerprint).toBe(keyFingerprint('sk-tally-unknown'));
  });

  test('ends the call upstream when the client leaves', async () => {
    await using pair = await start();
    pair.live.script(REAL, { ...HELLO, holdAfterContentEvents: 2 });
    using call = pair.send(GIVEN);
    await pair.live.untilHeld(REAL, 1);
    await expect.poll(() => call.chunks.length).toBe(3);
    call.leave();
    await pair.live.untilQuiet();
    await pair.recorder.untilQuiet();
    expect(pair.live.ledger.calls[0]?.end).toBe('abandoned');
    const [kept] = pair.recorder.ledger.calls;
    expect(kept).toMatchObject({ end: 'abandoned', contentEvents: 2, flaw: 'unfinished' });
  });

  test('keeps what came of a stream that its provider cut, and cuts it too', async () => {
    await using pair = await start();
    pair.live.script(REAL, { ...HELLO, cutAfterContentEvents: 2, cutBy: 'reset' });
    using call = pair.send(GIVEN);
    await call.untilClosed();
    await pair.recorder.untilQuiet();
    const [exchange] = pair.recorder.exchanges;
    expect(exchange?.call).toMatchObject({ end: 'cut', contentEvents: 2, flaw: 'unfinished' });
    expect(exchange?.response?.bytes.toString('latin1')).toBe(call.body);
  });

  test('says that a provider is not there, and which', async () => {
    await using pair = await start();
    pair.live.closePort('openai');
    using call = pair.send(GIVEN);
    await call.untilClosed();
    await pair.recorder.untilQuiet();
    expect(pair.recorder.findings).toMatchObject([{ check: 'recorder/unreachable' }]);
    using other = new RawCall(pair.recorder.providerUrl('google'), {
      path: '/v1beta/models/gemini-3.5-flash:generateContent',
      body: {},
    });
    await other.until('nobody live is there');
  });

  test('keeps a compressed answer as it was before', async () => {
    await using pair = await start();
    pair.live.script(REAL, { ...HELLO, isGzipped: true });
    using call = pair.send(GIVEN, chatRequest());
    await call.until('content-encoding');
    await pair.recorder.untilQuiet();
    const { bytes } = pair.recorder.exchanges[0]?.response ?? {};
    expect(JSON.parse(String(bytes))).toMatchObject({ object: 'chat.completion' });
    await expect.poll(() => call.body).toBe(gzipSync(bytes ?? '').toString('latin1'));
  });
});
