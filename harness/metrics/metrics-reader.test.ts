import { Counter, Gauge } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { ExpositionError } from './exposition-error.ts';
import { createMetricsReader } from './metrics-reader.ts';
import { readMetrics } from './read-metrics.ts';
import { serveHttp, serveMetrics, TEXT_FORMAT as TEXT } from './scripted-servers.ts';

/** A service with one counter and one in-flight gauge. */
async function serveService() {
  const service = await serveMetrics();
  const registers = [service.registry];
  const requests = new Counter({ name: 'requests_total', help: 'r', registers });
  const inFlight = new Gauge({ name: 'in_flight', help: 'i', registers });
  return { service, metricsUrl: service.metricsUrl, requests, inFlight };
}

describe('readMetrics', () => {
  test('gives what the service exposes', async () => {
    const url = await serveHttp((_request, response) => response.writeHead(200, TEXT).end('x 1\n'));
    expect((await readMetrics(url)).families.get('x')?.samples[0]?.value).toBe(1);
  });

  test.for([
    ['another status', 500, TEXT, 'x 1\n', 'answered HTTP 500, where Prometheus needs 200'],
    ['no content type', 200, {}, 'x 1\n', 'sends no content type'],
    ['JSON', 200, { 'content-type': 'application/json' }, '{}', '"application/json" is no expo'],
    ['bytes that are no UTF-8', 200, TEXT, Buffer.from([0x78, 0xff, 10]), 'no UTF-8'],
    ['a broken line', 200, TEXT, 'x 1\ny\n', 'line 2: expected one value'],
  ] as const)('calls %s a finding', async ([, status, headers, body, message]) => {
    const url = await serveHttp((_request, response) =>
      response.writeHead(status, headers).end(body),
    );
    const error = await readMetrics(url).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ExpositionError);
    expect(error).toMatchObject({ message: expect.stringContaining(`${url}: `) });
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
  });

  test('calls a service that is away, hangs or breaks off unreachable', async () => {
    const away = 'http://127.0.0.1:1/metrics';
    await expect(readMetrics(away)).rejects.toThrow(/could not be read: .*H_METRICS_UNREACHABLE/s);
    const hanging = await serveHttp(() => {});
    await expect(readMetrics(hanging, { timeoutMs: 30 })).rejects.toThrow(
      'no whole answer within 30 ms',
    );
    const broken = await serveHttp((_request, response) => {
      response.writeHead(200, { ...TEXT, 'content-length': '10' }).write('x 1\n');
      setImmediate(() => response.destroy());
    });
    await expect(readMetrics(broken)).rejects.toThrow('H_METRICS_UNREACHABLE');
  });

  test('ends with the reason of its signal', async () => {
    const hanging = await serveHttp(() => {});
    const reason = new Error('Ctrl-C');
    await expect(readMetrics(hanging, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('sends the password of a URL as a header, and shows it nowhere', async () => {
    const url = await serveHttp(({ headers }, response) => {
      response.writeHead(200, TEXT).end(`x{got="${headers.authorization}"} 1\n`);
    });
    const { families } = await readMetrics(url.replace('//', '//u:p@'));
    expect(families.get('x')?.samples[0]?.labels['got']).toBe(`Basic ${btoa('u:p')}`);
    const error = readMetrics('http://u:secret@127.0.0.1:1/metrics?token=secret');
    await expect(error).rejects.toThrow(/^(?!.*secret).*H_METRICS_UNREACHABLE/s);
  });
});

describe('createMetricsReader', () => {
  test('gives the movement of an action', async () => {
    const { metricsUrl, requests } = await serveService();
    const reader = createMetricsReader({ metricsUrl });
    requests.inc(7);
    const movement = await reader.during(() => requests.inc(3), { name: 'three requests' });
    expect(movement.action).toBe('three requests');
    expect(movement.changes).toEqual([
      expect.objectContaining({ key: 'requests_total', before: 7, after: 10, change: 3 }),
    ]);
  });

  test('waits for what is open, and for late changes', async () => {
    const { service, metricsUrl, requests } = await serveService();
    let open = true;
    const whyNotQuiet = () => (open ? '1 call is open' : undefined);
    const reader = createMetricsReader({ metricsUrl, whyNotQuiet, everyMs: 1 });
    setTimeout(() => {
      open = false;
    }, 30);
    service.onRead = (read) => {
      if (read <= 4) requests.inc();
    };
    const exposition = await reader.untilQuiet();
    expect(open).toBe(false);
    expect(exposition.families.get('requests_total')?.samples[0]?.value).toBe(4);
  });

  test.for([
    ['while the metrics were read', [false, true]],
    ['between two readings', [false, false, true, false]],
  ] as const)('takes no reading from before a call that opened %s', async ([, openings]) => {
    const { service, metricsUrl } = await serveService();
    const opened = [...openings];
    const whyNotQuiet = () => (opened.shift() ? '1 call is open' : undefined);
    await createMetricsReader({ metricsUrl, whyNotQuiet, everyMs: 1 }).untilQuiet();
    expect(service.reads).toBe(3);
  });

  test('waits for a gauge in flight that still moves', async () => {
    const { service, metricsUrl, requests, inFlight } = await serveService();
    const inFlightMetrics = ['in_flight'];
    const reader = createMetricsReader({ metricsUrl, inFlightMetrics, everyMs: 1 });
    const movement = await reader.during(() => {
      inFlight.inc();
      let reads = 0;
      service.onRead = () => {
        reads += 1;
        if (reads !== 10) return;
        requests.inc();
        inFlight.dec();
      };
    });
    expect(movement.changes.map(({ key, change }) => [key, change])).toEqual([
      ['requests_total', 1],
    ]);
  });

  test('leaves a stuck gauge to the movement, and waits for it once only', async () => {
    const { service, metricsUrl, inFlight } = await serveService();
    const inFlightMetrics = ['in_flight'];
    const reader = createMetricsReader({ metricsUrl, inFlightMetrics, stuckAfterMs: 100 });
    const movement = await reader.during(() => inFlight.inc());
    expect(movement.changes.map(({ key, change }) => [key, change])).toEqual([['in_flight', 1]]);
    const before = service.reads;
    await reader.untilQuiet();
    expect(service.reads - before).toBe(2);
  });

  test('says what kept the service from rest', async () => {
    const { service, metricsUrl, requests } = await serveService();
    service.onRead = () => requests.inc();
    const restless = createMetricsReader({ metricsUrl, timeoutMs: 400 });
    await expect(restless.untilQuiet()).rejects.toThrow(
      /did not come to rest within 400 ms; requests_total: \d+ → \d+ changed.*H_METRICS_NOT_QUIET/s,
    );
    const whyNotQuiet = () => '2 provider calls are open';
    const open = createMetricsReader({ metricsUrl, whyNotQuiet, timeoutMs: 30 });
    await expect(open.untilQuiet()).rejects.toThrow('within 30 ms; 2 provider calls are open.');
  });

  test('leaves out what changes with time', async () => {
    const { service, metricsUrl, requests } = await serveService();
    service.onRead = () => requests.inc();
    const reader = createMetricsReader({ metricsUrl, leaveOut: ['requests_total'] });
    expect((await reader.during(() => {})).changes).toEqual([]);
  });

  test('lets an error of the action and an abort through', async () => {
    const { metricsUrl } = await serveService();
    const reader = createMetricsReader({ metricsUrl });
    const refused = new Error('refused');
    await expect(reader.during(() => Promise.reject(refused))).rejects.toBe(refused);
    const signal = AbortSignal.abort(refused);
    await expect(reader.untilQuiet({ signal })).rejects.toBe(refused);
  });
});
