import { describe, expect, test } from 'vitest';
import { askPinned } from './pinned-instant.ts';
import { createPromqlClient } from './promql-client.ts';
import { type Fault, servePrometheus } from './scripted-prometheus.ts';

const START = 1_700_000_000;
const BOTH = 'job="service",instance=~"slot-1|slot-2"';
const selectorOf = (instance: string) => `job="service",instance="${instance}"`;

/** Two processes of one service, scraped in turn. */
async function serveTwo() {
  const prometheus = await servePrometheus();
  prometheus.scrapes = [
    { instance: 'slot-1', atSeconds: START, up: 1, x: { 1: 1 } },
    { instance: 'slot-2', atSeconds: START + 0.05, up: 1, x: { 1: 1 } },
    { instance: 'slot-1', atSeconds: START + 0.1, up: 1, x: { 1: 5, 2: 7 } },
    { instance: 'slot-2', atSeconds: START + 0.15, up: 1, x: { 1: 9 } },
  ];
  const promql = createPromqlClient({ url: prometheus.url });
  const pinned = {
    atSeconds: START + 0.15,
    scrapes: [
      { selector: selectorOf('slot-1'), atSeconds: START + 0.1 },
      { selector: selectorOf('slot-2'), atSeconds: START + 0.15 },
    ],
  };
  const ask = (query = `x_total{${BOTH}}`) => askPinned(promql, query, pinned);
  return { prometheus, pinned, ask };
}

describe('askPinned', () => {
  test('gives the rows of the query alone, as they were at the instant', async () => {
    const { prometheus, ask } = await serveTwo();
    prometheus.scrapes.push({ atSeconds: START + 0.2, up: 1, x: { 1: 1_000 } });
    expect((await ask()).map(({ text }) => text)).toEqual(['5', '7', '9']);
    expect(await ask(`sum(x_total{${BOTH}}) # all`)).toEqual([
      { labels: {}, value: 21, text: '21' },
    ]);
    expect(await ask('x_total{instance="slot-3"}')).toEqual([]);
  });

  test.for<[string, Fault, string]>([
    [
      'has lost the newest scrape',
      'behind',
      'its last scrape of {job="service",instance="slot-2"} is 1700000000.05, wanted 1700000000.15',
    ],
    [
      'knows nothing any more',
      'empty',
      'it knows no scrape of {job="service",instance="slot-1"}, wanted 1700000000.1',
    ],
    [
      'leaves a series out once',
      'partial',
      'changed when asked again: {"__name__":"x_total","a":"2","instance":"slot-1","job":"service"} absent → 7',
    ],
    ['gives no answer', 'refused', 'socket hang up'],
    [
      'is behind a gateway that is overloaded',
      { status: 502 },
      'HTTP 502, which is no answer of its API',
    ],
    [
      'is asked too much',
      {
        status: 429,
        body: JSON.stringify({ status: 'error', errorType: 'too_many_requests', error: 'limit' }),
      },
      'HTTP 429, limit',
    ],
    [
      'cannot evaluate the query',
      {
        status: 422,
        body: JSON.stringify({
          status: 'error',
          errorType: 'execution',
          error: 'many-to-many matching',
        }),
      },
      'HTTP 422, execution: many-to-many',
    ],
    ['is starting', { status: 503, body: 'Service Unavailable' }, 'HTTP 503'],
    ['answers a page', 'html', 'gave no Prometheus answer'],
    ['breaks off', 'cut', 'gave no Prometheus answer'],
    ['warns', 'warned', 'a store is away'],
  ])('gives nothing when Prometheus %s', async ([, fault, message]) => {
    const { prometheus, ask } = await serveTwo();
    const faults = [fault];
    prometheus.faultOf = () => faults.shift();
    await expect(ask()).rejects.toThrow(message);
    await expect(ask()).resolves.toHaveLength(3);
    faults.push(fault);
    await expect(ask()).rejects.toThrow(/fix: .+\n\[H_METRICS_/);
  });

  test('gives nothing from a replica with scrapes of its own', async () => {
    const { prometheus, ask } = await serveTwo();
    prometheus.scrapes = prometheus.scrapes.map((scrape) => {
      return { ...scrape, atSeconds: scrape.atSeconds - 0.003 };
    });
    await expect(ask()).rejects.toMatchObject({ code: 'H_METRICS_INSTANT_LOST' });
  });
});
