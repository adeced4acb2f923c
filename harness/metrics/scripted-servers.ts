import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Gauge, Registry } from 'prom-client';
import { onTestFinished } from 'vitest';

/** For tests: serves on a free loopback port until the test ends; gives the base URL. */
export async function serveHttp(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const TEXT_FORMAT = { 'content-type': 'text/plain; version=0.0.4' };

/** For tests: a service whose summary raises an epoch, with whatever a test adds to its registry. */
export async function serveMetrics() {
  const registry = new Registry();
  const epoch = new Gauge({ name: 'epoch', help: 'e', registers: [registry] });
  const service = {
    registry,
    epoch,
    reads: 0,
    /** Called before each reading of /metrics with its number, counted from 1. */
    onRead: (_read: number): void => {},
    raised: 0,
    readSummary: async () => {
      service.raised += 1;
      epoch.set(service.raised);
      return { summary: { isReal: true }, epoch: service.raised };
    },
    metricsUrl: '',
  };
  const url = await serveHttp((_request, response) => {
    service.reads += 1;
    service.onRead(service.reads);
    registry.metrics().then(
      (text) => response.writeHead(200, TEXT_FORMAT).end(text),
      () => response.destroy(),
    );
  });
  service.metricsUrl = `${url}/metrics`;
  return service;
}

/** What one scrape stored. */
interface ScriptedScrape {
  atSeconds: number;
  up: number;
  epoch?: number;
}

/**
 * For tests: a Prometheus that answers `time()`, range selectors over `up` and `epoch`, and targets
 * from scrapes that the test makes up. `intercept` may answer a request instead.
 */
export async function servePrometheus() {
  const prometheus = {
    url: '',
    nowSeconds: 1_700_000_000.5,
    scrapes: [] as ScriptedScrape[],
    lastError: '',
    queries: 0,
    /** Called before each query with its number, counted from 1; makes up scrapes. */
    onQuery: (_query: number): void => {},
    intercept: undefined as RequestListener | undefined,
  };
  const labels = { job: 'service', instance: 'slot-1' };
  function series(name: 'up' | 'epoch') {
    const values = prometheus.scrapes.flatMap(({ atSeconds, [name]: value }) =>
      value === undefined ? [] : [[atSeconds, String(value)]],
    );
    return values.length === 0 ? [] : [{ metric: { __name__: name, ...labels }, values }];
  }
  function answer(path: string, query: string | null): unknown {
    if (path.endsWith('/targets')) {
      const { lastError } = prometheus;
      const health = lastError === '' ? 'up' : 'down';
      return { activeTargets: [{ labels, health, lastError }] };
    }
    if (query === 'time()')
      return { resultType: 'scalar', result: [1, `${prometheus.nowSeconds}`] };
    prometheus.queries += 1;
    prometheus.onQuery(prometheus.queries);
    return { resultType: 'matrix', result: [...series('up'), ...series('epoch')] };
  }
  prometheus.url = await serveHttp((request, response) => {
    if (prometheus.intercept !== undefined) return prometheus.intercept(request, response);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const data = answer(pathname, searchParams.get('query'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data }));
  });
  return prometheus;
}
