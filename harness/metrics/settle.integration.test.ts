import { Counter } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadHarnessEnvironment, processEnvironment } from '#harness/config/env.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import type { ScrapeSlot, Stack } from '#harness/stack/stack.ts';
import { createMetricsReader, type MetricsReaderOptions } from './metrics-reader.ts';
import { createPromqlClient, type PromqlClient } from './promql-client.ts';
import { serveMetrics } from './scripted-servers.ts';
import { settle } from './settle.ts';

/** The longer one takes its time: each round waits for a scrape. */
const ROUNDS = [
  { rounds: 20, tags: ['integration'] },
  { rounds: 200, tags: ['integration', 'slow'] },
];

describe('settle, with a real Prometheus', { tags: ['integration'] }, () => {
  let stack: Stack;
  let slot: ScrapeSlot;
  let promql: PromqlClient;

  beforeAll(async () => {
    const env = processEnvironment();
    stack = await startEmbeddedStack({
      ...loadHarnessEnvironment(env),
      env,
      scrapeIntervalMs: 100,
    });
    promql = createPromqlClient({ url: stack.prometheus.url });
    await stack.prometheus.scraping;
  });
  afterAll(() => stack?.stop());

  beforeEach(async () => {
    slot = await stack.prometheus.claimSlot();
    return () => slot.release();
  });

  async function serveCounter(readerOptions: Partial<MetricsReaderOptions> = {}) {
    const service = await serveMetrics();
    const labelNames = ['parity'];
    const registers = [service.registry];
    const counter = new Counter({ name: 'x_total', help: 'x', labelNames, registers });
    const { metricsUrl, readSummary } = service;
    const reader = createMetricsReader({ metricsUrl, epochMetric: 'epoch', ...readerOptions });
    slot.pointTo(metricsUrl);
    const settleNow = (timeoutMs?: number) =>
      settle({
        promql,
        selector: slot.selector,
        reader,
        readSummary,
        ...(timeoutMs && { timeoutMs }),
      });
    return { counter, settleNow };
  }

  const sumAt = (atSeconds?: number) =>
    promql.value(`sum(x_total{${slot.selector}})`, atSeconds === undefined ? {} : { atSeconds });
  const exactly = (value: number) => ({ kind: 'number', value, text: String(value) });

  describe.for(ROUNDS)('$rounds times', ({ rounds, tags }) => {
    test('is exact after every increment, where a query at once is wrong', { tags }, async () => {
      const { counter, settleNow } = await serveCounter();
      let truth = 0;
      let wrongAtOnce = 0;
      for (let round = 1; round <= rounds; round += 1) {
        counter.inc({ parity: round % 2 === 0 ? 'even' : 'odd' }, round);
        truth += round;
        const atOnce = await sumAt();
        if (atOnce.kind !== 'number' || atOnce.value !== truth) wrongAtOnce += 1;
        const { atSeconds } = await settleNow();
        expect(await sumAt(atSeconds)).toEqual(exactly(truth));
      }
      expect(wrongAtOnce).toBeGreaterThan(rounds / 2);
    });
  });

  test('is exact for a service without an epoch', async () => {
    const { counter, settleNow } = await serveCounter({
      epochMetric: undefined,
      leaveOut: ['epoch'],
    });
    for (let truth = 1; truth <= 10; truth += 1) {
      counter.inc({ parity: 'any' });
      const { atSeconds } = await settleNow();
      expect(await sumAt(atSeconds)).toEqual(exactly(truth));
    }
  });

  test('is exact for a service that started anew, with its epoch', async () => {
    const first = await serveCounter();
    first.counter.inc({ parity: 'any' }, 5);
    await first.settleNow();
    const second = await serveCounter();
    second.counter.inc({ parity: 'any' }, 2);
    const { atSeconds, epoch } = await second.settleNow();
    expect(epoch).toBe(1);
    expect(await sumAt(atSeconds)).toEqual(exactly(2));
  });

  test('tells of a target that is down', async () => {
    const { settleNow } = await serveCounter();
    slot.detach();
    await expect(settleNow(400)).rejects.toThrow(
      /last seen: .*up=0.* The target's health is "down", with the error ".+" at its last scrape\..*H_METRICS_NOT_SCRAPED/s,
    );
  });

  test('shows what Prometheus refuses in its own words', async () => {
    await expect(promql.instant('sum(x_total')).rejects.toThrow(
      /HTTP 400, bad_data: .*unclosed left parenthesis\nquery: sum\(x_total.*H_METRICS_QUERY_REFUSED/s,
    );
  });
});
