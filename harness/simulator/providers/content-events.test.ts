import { describe, expect, test } from 'vitest';

import { type Simulator, startSimulator } from '../simulator.ts';
import type { RawCall } from '../testing/raw-call.ts';
import { callInForm, STREAM_FORMS, type WireForm } from '../testing/wire-forms.ts';

const KEY = 'key-content-events-0123456789';
const answer = { kind: 'generated', inputTokens: 5, outputTokens: 8 } as const;

async function startFor({ provider }: WireForm): Promise<Simulator> {
  const simulator = await startSimulator();
  simulator.acceptKey(provider, KEY);
  return simulator;
}

/** Google's last chunk repeats the count of all tokens and has no text. */
function contentOf(call: RawCall, { provider, contentMark, endMark }: WireForm): number {
  const marks = call.body.split(contentMark).length - 1;
  const isWhole = /finishReason/.test(call.body) && call.body.endsWith(endMark);
  return provider === 'google' && isWhole ? marks - 1 : marks;
}

describe.for(STREAM_FORMS)('$name: content events', (form) => {
  test.for([0, 1, 3, 8])('are exactly %i on the wire and in the ledger when held', async (held) => {
    await using simulator = await startFor(form);
    simulator.script(KEY, { answer, holdAfterContentEvents: held });
    using call = callInForm(simulator, form, KEY);
    await simulator.untilHeld(KEY, 1);
    await call.until('\r\n\r\n');
    await expect.poll(() => contentOf(call, form)).toBe(held);
    const [open] = simulator.ledger.calls;
    const usageIsFinal = false;
    expect(open).toMatchObject({ end: undefined, status: 200, contentEvents: held, usageIsFinal });
    expect(call.body).not.toMatch(/finish_?reason":\s*"|message_delta/i);

    call.leave();
    await simulator.untilQuiet();
    expect(open).toMatchObject({ end: 'abandoned', contentEvents: held, usageIsFinal });
  });

  test.for([0, 3, 8])('are exactly %i when the provider cuts there', async (cut) => {
    await using simulator = await startFor(form);
    simulator.script(KEY, { answer, cutAfterContentEvents: cut });
    using call = callInForm(simulator, form, KEY);
    await call.untilClosed();
    await simulator.untilQuiet();
    expect(contentOf(call, form)).toBe(cut);
    expect(simulator.ledger.calls).toMatchObject([{ end: 'cut', contentEvents: cut }]);
  });

  test('are all of them, with the whole usage, after a release', async () => {
    await using simulator = await startFor(form);
    simulator.script(KEY, { answer, holdAfterContentEvents: 2 });
    using call = callInForm(simulator, form, KEY);
    await simulator.untilHeld(KEY, 1);
    expect(simulator.release(KEY)).toBe(1);
    await call.until('\r\n0\r\n\r\n');
    await simulator.untilQuiet();
    expect(contentOf(call, form)).toBe(8);
    expect(call.body.endsWith(form.endMark)).toBe(true);
    expect(simulator.ledger.calls).toMatchObject([
      {
        end: 'completed',
        isStream: true,
        contentEvents: 8,
        usageIsFinal: true,
        usage: { input: 5, cachedInput: 0, cacheWrite: 0, output: 8, reasoning: 0 },
      },
    ]);
  });

  test('come in a chunk each, and no usage comes when the script says so', async () => {
    await using simulator = await startFor(form);
    simulator.script(KEY, { answer: { ...answer, sendsUsage: false } });
    using call = callInForm(simulator, form, KEY);
    await call.until('\r\n0\r\n\r\n');
    await simulator.untilQuiet();
    expect(call.chunks.length).toBeGreaterThanOrEqual(8);
    expect(call.body).not.toMatch(/usage/i);
    expect(simulator.ledger.calls).toMatchObject([{ contentEvents: 8, usage: undefined }]);
  });

  test('wait for nobody when the caller leaves before them', async () => {
    await using simulator = await startFor(form);
    simulator.script(KEY, { answer, holdAfterContentEvents: 0 }, { answer });
    using left = callInForm(simulator, form, KEY);
    await simulator.untilHeld(KEY, 1);
    left.leave();
    using stays = callInForm(simulator, form, KEY);
    await stays.until('\r\n0\r\n\r\n');
    await simulator.untilQuiet();
    expect(simulator.ledger.calls.map(({ end }) => end)).toEqual(['abandoned', 'completed']);
  });
});

describe.for(STREAM_FORMS)('$name: keys', (form) => {
  test('are never in the ledger or in a finding', async () => {
    await using simulator = await startFor(form);
    using call = callInForm(simulator, { ...form, path: `${form.path}-else` }, KEY);
    await call.until('tally');
    await simulator.untilQuiet();
    expect(call.head).toContain('HTTP/1.1 501');
    expect(simulator.findings).toMatchObject([{ check: 'simulator/unmatched_request' }]);
    expect(JSON.stringify(simulator.findings) + call.received).not.toContain(KEY);
    expect(JSON.stringify(simulator.ledger)).not.toContain(KEY);
    expect(simulator.ledger.calls[0]?.keyFingerprint).toMatch(/^[0-9a-f]{12}$/);
  });
});
