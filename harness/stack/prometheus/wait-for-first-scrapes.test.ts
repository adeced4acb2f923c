import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { waitForFirstScrapes } from './wait-for-first-scrapes.ts';

describe('first scrapes', () => {
  test('are waited for until every target had one', async () => {
    const counts = [0, 1, 2];
    const prometheusUrl = await servePrometheus(() => counts.shift() ?? 2);
    await waitForFirstScrapes({ prometheusUrl, targets: 2, signal: new AbortController().signal });
    expect(counts).toEqual([]);
  });

  test('that never come are reported with how far it got', async () => {
    const prometheusUrl = await servePrometheus(() => 1);
    const waiting = waitForFirstScrapes({
      prometheusUrl,
      targets: 2,
      signal: new AbortController().signal,
      timeoutMs: 100,
    });
    await expect(waiting).rejects.toMatchObject({
      code: 'H_STACK_FIRST_SCRAPE',
      message: expect.stringContaining('1 of 2 targets after 100 ms'),
    });
  });

  test('are not waited for once the stack is stopped', async () => {
    const prometheusUrl = await servePrometheus(() => 0);
    const waiting = waitForFirstScrapes({
      prometheusUrl,
      targets: 2,
      signal: AbortSignal.timeout(60),
    });
    await expect(waiting).rejects.toThrow('the stack was stopped');
  });
});

async function servePrometheus(countTargets: () => number): Promise<string> {
  const server = createServer((_incoming, outgoing) => {
    const result = [{ metric: {}, value: [1_795_328_838.1, String(countTargets())] }];
    outgoing.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}
