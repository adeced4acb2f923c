import { describe, expect, onTestFinished, test } from 'vitest';

import type { ProviderScript } from './script.ts';
import { startSimulator } from './simulator.ts';
import { chatRequest, RawCall } from './testing/raw-call.ts';

const KEY = 'sk-play-0123456789';
const answer = { kind: 'generated', inputTokens: 5, outputTokens: 4 } as const;

async function start(...scripts: ProviderScript[]) {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.stop());
  simulator.acceptKey('openai', KEY);
  simulator.script(KEY, ...scripts);
  const call = (extra: object = {}) => {
    const body = chatRequest(extra);
    const opened = new RawCall(simulator.providerUrl('openai'), { key: KEY, body });
    onTestFinished(() => opened.leave());
    return opened;
  };
  return { simulator, call };
}

describe('cut', () => {
  test.for([
    ['close', undefined],
    ['half-close', undefined],
    ['reset', 'ECONNRESET'],
  ] as const)('by %s is seen as such, before the head and in a stream', async ([cutBy, code]) => {
    const { simulator, call } = await start(
      { answer, cutBy, cutBeforeHead: true },
      { answer, cutBy, cutAfterContentEvents: 2 },
    );
    for (const received of ['', '"delta":{"content":" counts"}']) {
      const cut = call({ stream: true });
      let error: NodeJS.ErrnoException | undefined;
      cut.socket.once('error', (seen) => {
        error = seen;
      });
      await cut.untilClosed();
      expect(cut.received).toContain(received);
      expect(cut.received).not.toContain('[DONE]');
      expect(error?.code).toBe(code);
    }
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([
      { end: 'cut', status: undefined, contentEvents: 0 },
      { end: 'cut', status: 200, contentEvents: 2 },
    ]);
  });

  test('by half-close leaves the caller the time to write', async () => {
    const { simulator, call } = await start({
      answer,
      cutBy: 'half-close',
      cutAfterContentEvents: 1,
    });
    const open = call({ stream: true });
    open.socket.allowHalfOpen = true;
    const ended = new Promise((resolve) => open.socket.once('end', resolve));
    await ended;
    expect(simulator.ledger).toMatchObject({ open: 1 });
    expect(open.socket.writable).toBe(true);
    open.leave();
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([{ end: 'cut' }]);
  });

  test('by end makes half of a plain answer a whole body, and bills nothing', async () => {
    const { simulator, call } = await start({ answer, cutBy: 'end', cutAfterContentEvents: 0 });
    const half = call();
    await half.until('"choices"');
    const length = Number(half.head.match(/content-length: (\d+)/)?.[1]);
    await expect.poll(() => half.body.length).toBe(length);
    expect(() => JSON.parse(half.body)).toThrow();
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([{ end: 'cut', status: 200, usage: undefined }]);
  });
});

describe('delay', () => {
  test.for([
    ['beforeHeadMs', 'HTTP/1.1 200'],
    ['beforeFirstContentMs', 'Tally'],
    ['betweenEventsMs', 'what'],
  ] as const)('%s comes before "%s"', async ([delay, text]) => {
    const { call } = await start({ answer, [delay]: 40 });
    const startedAtMs = performance.now();
    await call({ stream: true }).until(text);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(40);
  });

  test('ends when the caller leaves', async () => {
    const { simulator, call } = await start({ answer, beforeHeadMs: 60_000 });
    const left = call({ stream: true });
    await expect.poll(() => simulator.ledger.open).toBe(1);
    left.leave();
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([{ end: 'abandoned', status: undefined }]);
  });
});

test('the calls of a barrier go on together once as many stand as the script asks for', async () => {
  const held = { answer, holdAfterContentEvents: 1, releaseAtHeld: 3 };
  const { simulator, call } = await start(held, held, held);
  const first = [call({ stream: true }), call({ stream: true })];
  await simulator.untilHeld(KEY, 2);
  expect(simulator.ledger).toMatchObject({ open: 2 });
  const last = call({ stream: true });
  for (const one of [...first, last]) {
    await one.until('[DONE]');
  }
  await simulator.untilQuiet();
  expect(simulator.held(KEY)).toBe(0);
});

describe('plain answer', () => {
  test('has an error inside, with the status of an answer', async () => {
    const { simulator, call } = await start({ answer, errorAfterContentEvents: 0 });
    const failed = call();
    await failed.until('server_error');
    expect(failed.head).toContain('HTTP/1.1 200');
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([{ status: 200, usage: undefined }]);
  });

  test('is no JSON', async () => {
    const { simulator, call } = await start({ answer, malformedAfterContentEvents: 0 });
    const broken = call();
    await broken.until('"system_fingerprint"');
    expect(() => JSON.parse(broken.body)).toThrow();
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([{ status: 200, usage: undefined }]);
  });
});

describe('verbatim answer', () => {
  test('is the page of a proxy', async () => {
    const page = '<html><body>Bad gateway</body></html>';
    const { simulator, call } = await start({
      answer: {
        kind: 'verbatim',
        status: 502,
        headers: { 'content-type': 'text/html' },
        body: page,
      },
    });
    const failed = call();
    await failed.until('</html>');
    expect(failed.head).toContain('HTTP/1.1 502');
    expect(failed.body).toBe(page);
    await simulator.untilQuiet();
    expect(simulator.ledger.calls).toMatchObject([{ status: 502, answeredBy: 'script' }]);
  });

  test('may be a stream, which is held, counted and read like any other', async () => {
    const event = (content: string) => `data: {"choices":[{"delta":{"content":"${content}"}}]}\n\n`;
    const usage = 'data: {"choices":[],"usage":{"prompt_tokens":2,"completion_tokens":3}}\n\n';
    const headers = { 'content-type': 'text/event-stream' };
    const body = `${event('a')}${event('b')}${usage}data: [DONE]\n\n`;
    const { simulator, call } = await start({
      answer: { kind: 'verbatim', status: 200, headers, body },
      holdAfterContentEvents: 1,
    });
    const held = call({ stream: true });
    await simulator.untilHeld(KEY, 1);
    await expect.poll(() => held.body).toBe(event('a'));
    simulator.release(KEY);
    await held.until('[DONE]');
    await simulator.untilQuiet();
    expect(held.body).toBe(body);
    expect(simulator.ledger.calls).toMatchObject([
      { contentEvents: 2, usage: { input: 2, output: 3 }, usageIsFinal: true },
    ]);
  });
});
