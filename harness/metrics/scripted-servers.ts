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
