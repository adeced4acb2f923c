import { Counter } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { createMetricsReader, type MetricsReaderOptions } from './metrics-reader.ts';
import { createPromqlClient } from './promql-client.ts';
import { servePrometheus } from './scripted-prometheus.ts';
import { serveMetrics } from './scripted-servers.ts';
import { type SettleOptions, settle, settleAll } from './settle.ts';

const SELECTOR = 'job="service",instance="slot-1"';
const START = 1_700_000_000;

async function serveBoth() {
  const service = await serveMetrics();
  const prometheus = await servePrometheus();
  prometheus.nowSeconds = START;
  const promql = createPromqlClient({ url: prometheus.url });
  const settleNow = (
    options: Partial<SettleOptions<unknown>> = {},
    readerOptions: Partial<MetricsReaderOptions> = {},
  ) =>
    settle({
      promql,
      selector: SELECTOR,
      reader: createMetricsReader({
        metricsUrl: service.metricsUrl,
        epochMetric: 'epoch',
        everyMs: 1,
        ...readerOptions,
      }),
      readSummary: service.readSummary,
      timeoutMs: 10_000,
      everyMs: 1,
      ...options,
    });
  /** Scrapes what the service shows now. */
  const scrape = (atSeconds: number, up = 1) =>
    prometheus.scrapes.push({ atSeconds, up, ...(up === 1 && { epoch: service.raised }) });
  return { service, prometheus, settleNow, scrape };
}

describe('settle', () => {
  test('gives the first whole scrape of the fence', async () => {
    const { service, prometheus, settleNow, scrape } = await serveBoth();
    scrape(START - 0.1);
    prometheus.onQuery = (query) => {
      if (query === 3) scrape(START + 0.023);
      if (query === 3) scrape(START + 0.123);
    };
    expect(await settleNow()).toMatchObject({
      atSeconds: START + 0.023,
      epoch: 1,
      summary: { isReal: true },
    });
    expect(service.raised).toBe(1);
  });

  test('takes no scrape of a time before the fence, whatever epoch it holds', async () => {
    const { prometheus, settleNow, scrape } = await serveBoth();
    prometheus.scrapes.push({ atSeconds: START - 1, up: 1, epoch: 1 });
    prometheus.onQuery = (query) => {
      if (query === 5) scrape(START + 0.5);
    };
    expect((await settleNow()).atSeconds).toBe(START + 0.5);
  });

  test('waits over a dropped scrape', async () => {
    const { prometheus, settleNow, scrape } = await serveBoth();
    prometheus.onQuery = (query) => {
      scrape(START + query / 10, query < 4 ? 0 : 1);
    };
    expect((await settleNow()).atSeconds).toBe(START + 0.4);
  });

  test('takes no scrape that is not marked healthy', async () => {
    const { prometheus, settleNow } = await serveBoth();
    prometheus.onQuery = () => {
      prometheus.scrapes = [{ atSeconds: START + 1, up: 0, epoch: 1 }];
    };
    await expect(settleNow({ timeoutMs: 250 })).rejects.toThrow(
      'a scrape with up=0, epoch 1 (wanted 1)',
    );
  });

  test('starts again when the service moved meanwhile', async () => {
    const { service, prometheus, settleNow, scrape } = await serveBoth();
    const late = new Counter({ name: 'late_total', help: 'l', registers: [service.registry] });
    prometheus.onQuery = (query) => {
      if (query === 1) late.inc();
      scrape(START + query / 10);
    };
    const instant = await settleNow();
    expect(instant.epoch).toBe(2);
    expect(instant.exposition.families.get('late_total')?.samples[0]?.value).toBe(1);
  });

  test('starts again when a call was opened meanwhile', async () => {
    const { service, prometheus, settleNow, scrape } = await serveBoth();
    let isOpen = false;
    prometheus.onQuery = (query) => {
      scrape(START + query / 10);
      isOpen = query === 1;
      setTimeout(() => {
        isOpen = false;
      }, 20);
    };
    await settleNow({}, { whyNotQuiet: () => (isOpen ? '1 call is open' : undefined) });
    expect(service.raised).toBe(2);
  });

  test('waits for a Prometheus that is away, restarts, or answers 5xx', async () => {
    const { prometheus, settleNow, scrape } = await serveBoth();
    let requests = 0;
    prometheus.intercept = (_request, response) => {
      requests += 1;
      if (requests === 1) response.destroy();
      if (requests === 2) response.writeHead(503).end('starting');
      if (requests === 3) prometheus.intercept = undefined;
      if (requests === 3) response.writeHead(502).end();
    };
    prometheus.onQuery = (query) => {
      if (query === 1) prometheus.intercept = (_request, response) => response.destroy();
      if (query === 1) setTimeout(() => (prometheus.intercept = undefined), 30);
      if (query === 2) scrape(START + 1);
    };
    expect((await settleNow()).atSeconds).toBe(START + 1);
  });

  test('takes the second scrape from rest for a service without an epoch', async () => {
    const { prometheus, settleNow, scrape } = await serveBoth();
    scrape(START - 1);
    scrape(START + 0.002);
    prometheus.onQuery = (query) => {
      if (query === 2) scrape(START + 0.1);
      if (query === 4) scrape(START + 0.2, 0);
      if (query === 5) scrape(START + 0.3);
    };
    const instant = await settleNow({}, { epochMetric: undefined, leaveOut: ['epoch'] });
    expect(instant).toMatchObject({ atSeconds: START + 0.3, epoch: undefined });
  });

  test('needs no epoch where the clock that answers runs behind the one that scrapes', async () => {
    const { prometheus, settleNow, scrape } = await serveBoth();
    prometheus.nowSeconds = START - 5;
    for (const before of [0.2, 0.1, 0]) scrape(START - before);
    prometheus.onQuery = (query) => scrape(START + query / 10);
    const instant = await settleNow({}, { epochMetric: undefined, leaveOut: ['epoch'] });
    expect(instant.atSeconds).toBe(START + 0.2);
  });

  test('takes a moment at which the last scrapes of all processes are at rest', async () => {
    const { service, prometheus, scrape } = await serveBoth();
    const { metricsUrl, readSummary } = service;
    const reader = createMetricsReader({ metricsUrl, leaveOut: ['epoch'], everyMs: 1 });
    const targets = ['slot-1', 'slot-2'].map((instance) => {
      return { selector: `job="service",instance="${instance}"`, reader, readSummary };
    });
    const second = (late: number, up: number) =>
      prometheus.scrapes.push({ instance: 'slot-2', atSeconds: START + late, up });
    prometheus.onQuery = (query) => {
      if (query !== 4) return;
      scrape(START + 0.1);
      scrape(START + 0.2);
      second(0.15, 1);
      scrape(START + 0.28, 0);
      second(0.25, 0);
      second(0.35, 1);
      scrape(START + 0.38);
    };
    const promql = createPromqlClient({ url: prometheus.url });
    const instant = await settleAll({ promql, targets, everyMs: 1 });
    expect(instant.atSeconds).toBe(START + 0.38);
    expect(instant.scrapes.map(({ atSeconds }) => atSeconds)).toEqual([START + 0.38, START + 0.35]);
  });
});

describe('settle: says why it cannot', () => {
  test('when nothing is scraped', async () => {
    const { prometheus, settleNow } = await serveBoth();
    prometheus.lastError = 'connect: connection refused';
    await expect(settleNow({ timeoutMs: 250 })).rejects.toThrow(
      /did not store the scrape of the fence within \d+ ms of \{job="service",instance="slot-1"\}: last seen: no scrape, epoch absent \(wanted 1\)\. The target's health is "down", with the error "connect: connection refused".*H_METRICS_NOT_SCRAPED/s,
    );
  });

  test('when Prometheus knows no such target', async () => {
    const { settleNow } = await serveBoth();
    await expect(settleNow({ selector: 'job="other"', timeoutMs: 250 })).rejects.toThrow(
      'Prometheus knows no such target.',
    );
  });

  test('when somebody else read the summary', async () => {
    const { service, prometheus, settleNow, scrape } = await serveBoth();
    prometheus.onQuery = () => {
      service.raised += 1;
      service.epoch.set(service.raised);
      scrape(START + 1);
    };
    await expect(settleNow()).rejects.toThrow(
      /epoch went to 2 before Prometheus scraped the fence at 1\..*H_METRICS_FENCE_RACED/s,
    );
  });

  test('when the service restarted and its epoch fell', async () => {
    const { prometheus, settleNow } = await serveBoth();
    prometheus.onQuery = () => {
      prometheus.scrapes = [{ atSeconds: START + 1, up: 1, epoch: 0 }];
    };
    await expect(settleNow({ timeoutMs: 250 })).rejects.toThrow('epoch 0 (wanted 1)');
  });

  test('when the summary returns another epoch than /metrics shows, as a finding', async () => {
    const { settleNow } = await serveBoth();
    const readSummary = async () => ({ summary: {}, epoch: 7 });
    await expect(settleNow({ readSummary })).rejects.toMatchObject({
      name: 'ExpositionError',
      message: 'the summary returned the epoch 7, but /metrics shows epoch 0',
    });
    const without = async () => ({ summary: {} });
    await expect(settleNow({ readSummary: without })).rejects.toThrow('returned the epoch NaN');
  });

  test('when the service keeps moving', async () => {
    const { service, prometheus, settleNow, scrape } = await serveBoth();
    const late = new Counter({ name: 'late_total', help: 'l', registers: [service.registry] });
    prometheus.onQuery = (query) => {
      late.inc();
      scrape(START + query / 10);
    };
    await expect(settleNow({ timeoutMs: 250 })).rejects.toThrow(
      /did not settle within 250 ms; it moved while Prometheus scraped it: late_total: \d+ → \d+\..*H_METRICS_NOT_QUIET/s,
    );
  });

  test('when the selector means two targets', async () => {
    const { prometheus, settleNow } = await serveBoth();
    prometheus.onQuery = () => {
      prometheus.scrapes = ['slot-1', 'slot-2'].map((instance) => {
        return { instance, atSeconds: START + 1, up: 1, epoch: 1 };
      });
    };
    const selector = 'instance=~"slot-1|slot-2"';
    await expect(settleNow({ selector })).rejects.toThrow(`up{${selector}} is 2 series`);
  });

  test('when Prometheus refuses or hangs', async () => {
    const { prometheus, settleNow } = await serveBoth();
    prometheus.intercept = () => {};
    await expect(settleNow({ timeoutMs: 100 })).rejects.toThrow('H_METRICS_PROMETHEUS_AWAY');
    prometheus.intercept = undefined;
    prometheus.onQuery = () => {
      prometheus.intercept = () => {};
    };
    await expect(settleNow({ timeoutMs: 600 })).rejects.toThrow(/NOT_SCRAPED/);
  });

  test('and ends with the reason of its signal', async () => {
    const { settleNow } = await serveBoth();
    const reason = new Error('Ctrl-C');
    await expect(settleNow({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
