import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { createMetricsReader } from '#harness/metrics/metrics-reader.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { settle } from '#harness/metrics/settle.ts';
import { readServiceSummary } from '#harness/modes/read-service-summary.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import type { Stack } from '#harness/stack/stack.ts';
import { type Fact, notAWitness } from './fact.ts';
import { reconcileAll } from './reconcile-all.ts';

const FACT: Fact = {
  name: 'orders',
  says: 'Orders that were taken.',
  labels: [],
  equality: 'integer',
  wire: ({ serviceCalls }) => [{ labels: {}, value: serviceCalls.length }],
  database: notAWitness('There is none.'),
  summary: { path: 'orders' },
  promql: 'sum(orders_total{$service})',
};

/** Knows nothing of Tally: it counts, and shows it. `missed` orders are not counted in /metrics. */
async function serveOrders() {
  let orders = 0;
  const service = { missed: 0, url: '', order: () => fetch(`${service.url}/order`) };
  const server = createServer((request, response) => {
    if (request.url === '/order') orders += 1;
    if (request.url === '/summary') response.setHeader('content-type', 'application/json');
    else response.setHeader('content-type', 'text/plain; version=0.0.4');
    const text = `# HELP orders_total Orders.\n# TYPE orders_total counter\norders_total ${orders - service.missed}\n`;
    response.end(request.url === '/summary' ? JSON.stringify({ orders }) : text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(service, { [Symbol.dispose]: () => void server.close() });
}

describe('a service without an epoch', { tags: ['integration'] }, () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startEmbeddedStack(loadHarnessEnvironment());
    await stack.prometheus.scraping;
  });
  afterAll(() => stack?.stop());

  test('is reconciled exactly, and is found out', async () => {
    using service = await serveOrders();
    await using slot = await stack.prometheus.claimSlot();
    const metricsUrl = `${service.url}/metrics`;
    slot.pointTo(metricsUrl);
    const promql = createPromqlClient(stack.prometheus);
    const reader = createMetricsReader({ metricsUrl });
    const { selector } = slot;

    async function reconcile(taken: number) {
      const readSummary = (limit: { signal: AbortSignal }) =>
        readServiceSummary(`${service.url}/summary`, {}, limit);
      const instant = await settle({ promql, selector, reader, readSummary });
      return await reconcileAll([FACT], {
        evidence: {
          providerCalls: [],
          modelLists: [],
          serviceCalls: new Array(taken),
          fencedAtMs: instant.fencedAtMs,
        },
        database: { query: async () => [] },
        summary: instant.summary,
        promql,
        instant,
        selector,
        summaryFieldsAside: [],
        exposition: instant.exposition,
        withoutFact: {},
      });
    }

    for (let taken = 1; taken <= 5; taken += 1) {
      await service.order();
      const { rows, findings } = await reconcile(taken);
      expect(findings).toEqual([]);
      expect(rows).toMatchObject([{ wire: String(taken), promql: String(taken), equal: true }]);
    }
    service.missed = 1;
    const { findings } = await reconcile(5);
    expect(findings.map(({ message }) => message)).toEqual([
      'orders differs: wire 5, summary 5, promql 4. (Orders that were taken.)',
    ]);
  });
});
