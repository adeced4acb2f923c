import { createServer, type RequestListener, request, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type SlotProxyOptions, startSlotProxy } from './slot-proxy.ts';

describe('slot proxy', () => {
  test('passes status, content type and body through unaltered', async () => {
    const { proxy, service } = await setUp((incoming, outgoing) => {
      expect(incoming.url).toBe('/internal/metrics?all=1');
      expect(incoming.headers['accept']).toBe('text/plain;version=0.0.4');
      outgoing.writeHead(203, { 'content-type': 'text/plain; version=0.0.4' }).end('up 1\n');
    });
    proxy.pointTo('slot-3', new URL('/internal/metrics?all=1', service));
    const answer = await scrape(proxy.url, 'slot-3', { accept: 'text/plain;version=0.0.4' });
    expect(answer.status).toBe(203);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4');
    expect(answer.body.toString()).toBe('up 1\n');
  });

  test('passes a compressed body through as it is', async () => {
    const compressed = gzipSync('requests_total 3\n');
    const { proxy, service } = await setUp((_incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-encoding': 'gzip' }).end(compressed);
    });
    proxy.pointTo('slot-0', new URL(service));
    const answer = await scrape(proxy.url, 'slot-0');
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.body).toEqual(compressed);
  });

  test('fails the scrape of a slot that leads nowhere, before and after a service', async () => {
    const { proxy, service } = await setUp((_incoming, outgoing) => outgoing.end('up 1\n'));
    expect((await scrape(proxy.url, 'slot-0')).status).toBe(503);
    expect(proxy.hasForwarded('slot-0')).toBe(false);
    proxy.pointTo('slot-0', new URL(service));
    expect((await scrape(proxy.url, 'slot-0')).status).toBe(200);
    expect((await scrape(proxy.url, 'slot-1')).status).toBe(503);
    proxy.detach('slot-0');
    const answer = await scrape(proxy.url, 'slot-0');
    expect(answer.status).toBe(503);
    expect(answer.body.toString()).toBe('Slot "slot-0" leads to no service now.\n');
    expect(proxy.hasForwarded('slot-0')).toBe(true);
  });

  test('fails the scrape when nobody listens', async () => {
    const { proxy, service, server } = await setUp(() => undefined);
    proxy.pointTo('slot-0', new URL(service));
    await close(server);
    const answer = await scrape(proxy.url, 'slot-0');
    expect(answer.status).toBe(502);
    expect(answer.body.toString()).toContain('ECONNREFUSED');
  });

  test('fails the scrape when the service breaks off', async () => {
    const { proxy, service } = await setUp((_incoming, outgoing) => {
      outgoing
        .writeHead(200, { 'content-length': '100' })
        .write('up 1\n', () => outgoing.destroy());
    });
    proxy.pointTo('slot-0', new URL(service));
    expect((await scrape(proxy.url, 'slot-0')).status).toBe(502);
  });

  test('fails the scrape when the body is longer than the limit', async () => {
    const listener: RequestListener = (_incoming, outgoing) => outgoing.end('x'.repeat(1_001));
    const { proxy, service } = await setUp(listener, { bodyBytesMax: 1_000 });
    proxy.pointTo('slot-0', new URL(service));
    const answer = await scrape(proxy.url, 'slot-0');
    expect(answer.status).toBe(502);
    expect(answer.body.toString()).toContain('longer than 1000 bytes');
  });

  test('fails the scrape when the service takes too long', async () => {
    const { proxy, service } = await setUp(() => undefined, { timeoutMs: 50 });
    proxy.pointTo('slot-0', new URL(service));
    const answer = await scrape(proxy.url, 'slot-0');
    expect(answer.status).toBe(502);
    expect(answer.body.toString()).toContain('took longer than 50 ms');
  });

  test('closes with scrapes under way, and twice', async () => {
    const { proxy, service, server } = await setUp(() => undefined);
    proxy.pointTo('slot-0', new URL(service));
    const asked = new Promise((resolve) => server.once('request', resolve));
    const answer = scrape(proxy.url, 'slot-0');
    const broken = expect(answer).rejects.toThrow('socket hang up');
    await asked;
    await proxy.close();
    await proxy.close();
    await broken;
  });
});

async function setUp(listener: RequestListener, options: SlotProxyOptions = {}) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = await startSlotProxy(options);
  onTestFinished(async () => {
    await proxy.close();
    await close(server);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { proxy, server, service: `http://127.0.0.1:${port}` };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Asks as Prometheus does: the whole URL in the request line. */
async function scrape(proxyUrl: string, slot: string, headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(proxyUrl);
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    request({ hostname, port, path: `http://${slot}/metrics`, headers, agent: false })
      .once('response', resolve)
      .once('error', reject)
      .end();
  });
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}
