import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';

import { readAnswer } from './providers/read-answer.ts';
import { wireOf } from './providers/wires.ts';
import type { ProviderScript } from './script.ts';
import { startSimulator } from './simulator.ts';
import { callInForm, STREAM_FORMS, type WireForm } from './testing/wire-forms.ts';

const KEY = 'key-faults-0123456789';
const answer = { kind: 'generated', inputTokens: 5, outputTokens: 8 } as const;

/** One stream with faults, as it came and as the provider's own grammar reads it. */
async function playIn(form: WireForm, faults: Omit<ProviderScript, 'answer'>) {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.stop());
  simulator.acceptKey(form.provider, KEY);
  simulator.script(KEY, { answer, ...faults });
  using call = callInForm(simulator, form, KEY);
  await call.until('\r\n0\r\n\r\n');
  await simulator.untilQuiet();
  const [ledger] = simulator.ledger.calls;
  const bytes = Buffer.from(call.body, 'latin1');
  const read = (body: Buffer = bytes) =>
    readAnswer(wireOf(form.provider), { status: 200, headers: {}, bytes: body });
  return { call, bytes, read, ledger };
}

describe.for(STREAM_FORMS)('$name: a stream', (form) => {
  test.for([0, 3, 8])('has an error inside after %i content events', async (after) => {
    const { read, ledger } = await playIn(form, { errorAfterContentEvents: after });
    expect(read()).toMatchObject({
      contentEvents: after,
      error: { kind: expect.stringMatching(/^(server_error|overloaded)$/) },
      finishReason: undefined,
    });
    expect(read().leftOverBytes).toBe(0);
    expect(ledger).toMatchObject({ status: 200, flaw: 'error', contentEvents: after });
    expect(ledger?.usage).toEqual(read().usage);
  });

  test('has the error inside that the script names', async () => {
    const errorInside = { kind: 'error', status: 429 } as const;
    const { read } = await playIn(form, { errorAfterContentEvents: 1, errorInside });
    expect(read().error?.kind).toBe('rate_limited');
  });

  test('may miss its finish reason, or its end', async () => {
    const unfinished = await playIn(form, { omits: ['finish'] });
    expect(unfinished.read()).toMatchObject({ contentEvents: 8, finishReason: undefined });
    const endless = await playIn(form, { omits: ['end'] });
    expect(endless.read()).toMatchObject({ contentEvents: 8, isComplete: false });
    expect(endless.ledger).toMatchObject({ flaw: 'unfinished', contentEvents: 8 });
  });

  test('has one event that is no JSON, and is whole besides', async () => {
    const { read, ledger } = await playIn(form, { malformedAfterContentEvents: 2 });
    expect(read()).toMatchObject({ isComplete: form.name !== 'google as an array' });
    expect(ledger).toMatchObject({ end: 'completed', contentEvents: 7 });
  });

  test('ends well in HTTP and too early in its grammar', async () => {
    const { read, ledger } = await playIn(form, { cutAfterContentEvents: 3, cutBy: 'end' });
    expect(read()).toMatchObject({ contentEvents: 3, isComplete: false });
    expect(ledger).toMatchObject({ end: 'cut', contentEvents: 3, usageIsFinal: false });
  });

  test('comes compressed, each event at once, or under another content type', async () => {
    const zipped = await playIn(form, { isGzipped: true });
    expect(zipped.call.head).toContain('content-encoding: gzip');
    expect(zipped.read(gunzipSync(zipped.bytes))).toMatchObject({
      contentEvents: 8,
      isComplete: true,
    });
    const misnamed = await playIn(form, { contentType: 'application/octet-stream' });
    expect(misnamed.call.head.match(/content-type: .*/g)).toEqual([
      'content-type: application/octet-stream',
    ]);
  });
});
